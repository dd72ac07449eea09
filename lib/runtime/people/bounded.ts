import type { Json } from "../../contract/index.ts";

/**
 * A value whose JSON is at most so many UTF-8 bytes: the value itself, else `{ cut, bytes }` with as much of the beginning
 * of its JSON as fits and the size of the whole. Of a limit too small even for that, `cut` is empty.
 */
export function bounded(value: Json, bytes: number): Json {
  const text = JSON.stringify(value);
  const whole = Buffer.byteLength(text);
  return whole <= bytes ? value : { cut: beginning(text, bytes - sizeOf({ cut: "", bytes: whole })), bytes: whole };
}

/** A text that takes at most so many UTF-8 bytes in JSON; where something is left out it ends in "…". */
export function boundedText(text: string, bytes: number): string {
  return costOf(text) <= bytes ? text : `${beginning(text, bytes - costOf("…"))}…`;
}

/** Of a value's JSON, in bytes. */
export const sizeOf = (value: Json | object) => Buffer.byteLength(JSON.stringify(value));

/** The longest beginning, in whole characters, that takes so many bytes as part of a JSON string. */
function beginning(text: string, bytes: number): string {
  let used = 0;
  let end = 0;
  for (const character of text) {
    used += costOf(character);
    if (used > bytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Of a text within a JSON string, in bytes. */
const costOf = (text: string) => sizeOf(text) - 2;
