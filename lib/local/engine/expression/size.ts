import type { Json, JsonObject } from "../../../contract/index.ts";

/** Length as UTF-8 JSON of a value that is the engine's own. */
export function bytesOf(value: Json): number {
  if (typeof value === "string") return bytesOfText(value);
  if (typeof value === "number") return bytesOfNumber(value);
  if (typeof value === "boolean") return value ? 4 : 5;
  if (value === null) return 4;
  return bytesOfParts(value);
}

export const bytesOfNumber = (number: number) =>
  Number.isInteger(number) && number >= 0 && number < 10 ? 1 : String(number).length;

/** Quotes included. */
export const bytesOfText = (text: string): number =>
  NEEDS_CARE.test(text) ? Buffer.byteLength(JSON.stringify(text)) : text.length + 2;

const NEEDS_CARE = /[^ !#-[\]-~]/;

function bytesOfParts(value: Exclude<Json, string | number | boolean | null>): number {
  if (Array.isArray(value))
    return value.reduce((bytes, item: Json) => bytes + bytesOf(item) + 1, value.length === 0 ? 2 : 1);
  let bytes = 1;
  for (const name of Object.keys(value)) bytes += bytesOfText(name) + bytesOf((value as JsonObject)[name] ?? null) + 2;
  return Math.max(2, bytes);
}
