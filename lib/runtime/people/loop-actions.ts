import type { Json, JsonObject } from "../../contract/index.ts";
import { boundedText } from "./bounded.ts";

const TURN = /^turn-(\d+)$/;
const CALL = /^turn-\d+\.\d+-/;
const ASKED = /^turn-\d+(\.\d+-.+)?:asked$/;
const TEXT_BYTES = 500;

/** What the key of an action says that records a turn; undefined for another's. */
export const turnOf = (key: string): string | undefined => TURN.exec(key)?.[1];

/** What a model said on a turn. */
interface Said {
  readonly model: string;
  readonly text: string;
  /** The tools that it called, in words. */
  readonly chosen: string;
  /** With which it called them, in the same order. */
  readonly inputs: readonly Json[];
}

/** Reads what an action named as a turn has recorded; undefined where that is none, but a handler's own. */
export function saidOn(result: Json): Said | undefined {
  const { model, response, at } = objectOf(result);
  const { content, stop } = objectOf(response);
  if (typeof model !== "string" || typeof at !== "string" || typeof stop !== "string") return undefined;
  if (!Array.isArray(content)) return undefined;
  const parts = content.map(objectOf);
  const uses = parts.filter(({ kind }) => kind === "tool-use");
  return {
    model,
    text: parts.flatMap(({ kind, text }) => (kind === "text" ? [String(text)] : [])).join("\n"),
    chosen: uses.length === 0 ? "no call" : `call ${uses.map(({ name }) => named(String(name))).join(", ")}`,
    inputs: uses.map(({ input = null }) => input),
  };
}

/** What a model calls a tool that there is not may be anything. */
const named = (name: string) => (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name) ? name : "a tool that there is not");

/** Of the actions of a loop: what is asked in it is told by its turns. */
export const isTold = (key: string) => !ASKED.test(key);

/** What an action of a loop comes to: of a turn the text, cut, and the calls; of a call its output, or why there is none. */
export function toldInLoop(key: string, result: Json): Json {
  if (CALL.test(key)) return outcomeOf(objectOf(result)) ?? result;
  const said = turnOf(key) === undefined ? undefined : saidOn(result);
  if (said === undefined) return result;
  const { chosen, text, inputs } = said;
  return {
    chosen,
    ...(text === "" ? {} : { text: boundedText(text, TEXT_BYTES) }),
    ...(inputs.length === 0 ? {} : { inputs }),
  };
}

/** What stands in for the output of another tool is told as such; so is what a tool that failed said itself. */
function outcomeOf({ ok, output = null, failure, provenance }: JsonObject): Json | undefined {
  if (typeof ok !== "boolean") return undefined;
  const { fallback } = objectOf(provenance);
  const { message = null, said } = objectOf(failure);
  if (ok) return { output, ...(fallback === undefined ? {} : { fallback }) };
  return { failure: message, ...(said === undefined ? {} : { said }) };
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
