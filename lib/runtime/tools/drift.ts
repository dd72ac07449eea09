import type { JsonObject } from "../../contract/index.ts";
import { digestOf, pinOf } from "../../definition/index.ts";
import type { ListedTool } from "../../ports/index.ts";
import { quoted, SHOWN, spelt } from "./quoted.ts";

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
    { what: "description", before: declared.description, now: listed.description },
    ...partsOf(declared.input, listed.input),
  ].filter(({ before, now }) => before !== now);
  if (differences.length > 0) return inWords(differences);
  return "it is listed as it is declared, and the pinned hash is of neither";
}

interface Difference {
  readonly what: string;
  readonly before: string;
  readonly now: string;
}

function partsOf(declared: JsonObject, listed: JsonObject): Difference[] {
  if (digestOf(declared) === digestOf(listed)) return [];
  const parts = new Set([...Object.keys(declared), ...Object.keys(listed)]);
  return [...parts]
    .sort()
    .map((part) => ({ what: `input.${part.slice(0, 64)}`, before: shown(declared, part), now: shown(listed, part) }));
}

/** In characters: of differences no more are told. */
const LONGEST = 4_000;

function inWords(differences: readonly Difference[]): string {
  const told: string[] = [];
  let length = 0;
  for (const difference of differences) {
    if (length >= LONGEST) break;
    const words = different(difference);
    told.push(words);
    length += words.length;
  }
  const more = differences.length - told.length;
  return [...told, ...(more === 0 ? [] : [`and ${more} more differences`])].join("; ");
}

const shown = (schema: JsonObject, part: string) =>
  Object.hasOwn(schema, part) ? JSON.stringify(schema[part] ?? null) : "nothing";

/** From where the two begin to differ, where that is beyond what is shown: until there it is what was pinned. */
function different({ what, before, now }: Difference): string {
  const same = sameUntil(before, now);
  if (same < SHOWN) return `${spelt(what)} was ${quoted(before)} and is ${quoted(now)}`;
  const rest = [before, now].map((text) => quoted(text.slice(same)));
  return `${spelt(what)}, from its character ${same + 1} on, was ${rest.join(" and is ")}`;
}

function sameUntil(before: string, now: string): number {
  let index = 0;
  while (index < before.length && before[index] === now[index]) index += 1;
  return index;
}
