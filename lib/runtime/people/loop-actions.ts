import { isList, type Json, type JsonObject, loopAction, objectOf } from "../../contract/index.ts";
import type { ToolSchemas } from "../../definition/index.ts";
import { boundedText } from "./bounded.ts";
import { hiddenOf } from "./redact.ts";

const TEXT_BYTES = 500;

/** What a model said on a turn. */
interface Said {
  readonly model: string;
  readonly text: string;
  /** The tools that it called, in words. */
  readonly chosen: string;
  /** The same calls, with the names and inputs that it wrote. */
  readonly calls: readonly Call[];
}

interface Call {
  readonly name: string;
  readonly input: Json;
}

/** Reads what an action named as a turn has recorded; undefined where that is none, but a handler's own. */
export function saidOn(result: Json): Said | undefined {
  const { model, response, at } = objectOf(result);
  const { content, stop } = objectOf(response);
  if (typeof model !== "string" || typeof at !== "string" || typeof stop !== "string") return undefined;
  if (!isList(content)) return undefined;
  const parts = content.map(objectOf);
  const uses = parts.filter(({ kind }) => kind === "tool-use");
  return {
    model,
    text: parts.flatMap(({ kind, text }) => (kind === "text" ? [String(text)] : [])).join("\n"),
    chosen: uses.length === 0 ? "no call" : `call ${uses.map(({ name }) => named(String(name))).join(", ")}`,
    calls: uses.map(({ name, input = null }) => ({ name: String(name), input })),
  };
}

/** What a model calls a tool that there is not may be anything. */
const named = (name: string) => (/^[a-z0-9][a-z0-9-]{0,63}$/.test(name) ? name : "a tool that there is not");

/** Of the actions of a loop: what is asked in it is told by its turns. */
export const isTold = (key: string) => loopAction(key)?.kind !== "asked";

/** Makes a value showable, by its schema if that is known. */
type Show = (value: Json, schema?: JsonObject) => Json;

/**
 * What an action of a loop comes to: of a turn the text, cut, and the calls; of a call its output, or why there is none. What
 * the schemas of its tools mark is not shown.
 */
export function toldInLoop(tools: ToolSchemas, key: string, result: Json, show: Show): Json {
  const action = loopAction(key);
  if (action?.kind === "call") return outcomeOf(tools, action.tool, objectOf(result), show) ?? show(result);
  const said = action?.kind === "turn" ? saidOn(result) : undefined;
  if (said === undefined) return show(result);
  const { chosen, text, calls } = said;
  return {
    chosen,
    ...(text === "" ? {} : { text: boundedText(String(show(text)), TEXT_BYTES) }),
    ...(calls.length === 0
      ? {}
      : { inputs: calls.map(({ name, input }) => show(input, schemaOf(tools, name)?.input)) }),
  };
}

/** What stands in for the output of another tool is told as such; so is what a tool that failed said itself. */
function outcomeOf(
  tools: ToolSchemas,
  tool: string,
  { ok, output = null, failure, provenance }: JsonObject,
  show: Show,
): Json | undefined {
  if (typeof ok !== "boolean") return undefined;
  const { name, fallback } = objectOf(provenance);
  const { message = null, said } = objectOf(failure);
  if (!ok) return { failure: show(message), ...(said === undefined ? {} : { said: show(said) }) };
  const shown = schemasOf(tools, tool, name).reduce<Json>((left, schema) => show(left, schema), show(output));
  return { output: shown, ...(fallback === undefined ? {} : { fallback: show(fallback) }) };
}

/** Values in what an action of a loop has recorded that the schemas of its tools mark, or that stand under the name of a secret. */
export function hiddenInLoop(tools: ToolSchemas, key: string, result: Json, byName: boolean): Json[] {
  const action = loopAction(key);
  if (action?.kind === "call") {
    const { ok, output = null, provenance } = objectOf(result);
    const schemas = ok === true ? schemasOf(tools, action.tool, objectOf(provenance).name) : [];
    return schemas.flatMap((schema) => hiddenOf(output, schema, byName));
  }
  const calls = action?.kind === "turn" ? (saidOn(result)?.calls ?? []) : [];
  return calls.flatMap(({ name, input }) => hiddenOf(input, schemaOf(tools, name)?.input, byName));
}

/** Of a tool by a name that may be anything, `constructor` included. */
const schemaOf = (tools: ToolSchemas, name: string) => (Object.hasOwn(tools, name) ? tools[name] : undefined);

/** Of outputs: that of the tool that was called, and that of the one that stood in for it. */
const schemasOf = (tools: ToolSchemas, tool: string, standIn: Json = tool): JsonObject[] =>
  [...new Set([tool, String(standIn)])].flatMap((name) => {
    const schema = schemaOf(tools, name);
    return schema === undefined ? [] : [schema.output];
  });
