import type { JsonObject } from "../../contract/index.ts";
import type { ListedTool } from "../../ports/index.ts";
import { digestOf } from "../digest.ts";

/** What a tool is pinned by: SHA-256, in hex, of its name, description and input schema as canonical JSON. */
export const pinOf = ({ name, description, input }: ListedTool): string => digestOf({ name, description, input });

const SHOWN = 400;

/**
 * In words, how a tool differs from what was pinned; nothing where it does not. Its own words are quoted, and cut: they
 * are shown to people, who decide whether to trust them.
 *
 * @param declared as the declaration has it. @param listed as its server lists it now; `undefined` when it does not.
 */
export function drift(pinned: string, declared: ListedTool, listed: ListedTool | undefined): string | undefined {
  if (listed === undefined) return `its server lists no tool ${JSON.stringify(declared.name)} any more`;
  if (pinOf(listed) === pinned) return undefined;
  const differences = [
    ...different("description", declared.description, listed.description),
    ...differentSchema(declared.input, listed.input),
  ];
  if (differences.length > 0) return differences.join("; ");
  return "it is listed as it is declared, and the pinned hash is of neither";
}

function differentSchema(declared: JsonObject, listed: JsonObject): string[] {
  if (digestOf(declared) === digestOf(listed)) return [];
  const parts = new Set([...Object.keys(declared), ...Object.keys(listed)]);
  return [...parts]
    .sort()
    .flatMap((part) => different(`input.${part.slice(0, 64)}`, shown(declared, part), shown(listed, part)));
}

const shown = (schema: JsonObject, part: string) =>
  Object.hasOwn(schema, part) ? JSON.stringify(schema[part] ?? null) : "nothing";

const different = (what: string, before: string, now: string): string[] =>
  before === now ? [] : [`${what} was ${quoted(before)} and is ${quoted(now)}`];

/** From where the two begin to differ would say more, and could be made to hide the beginning. */
const quoted = (text: string) => JSON.stringify(text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`);
