import type { Json, JsonObject } from "../../contract/index.ts";

/** Dates travel as seconds since the epoch. */
export const seconds = (date: Date): number => date.getTime() / 1000;

/** JSON within JSON. Undefined for what is no JSON. */
export function parseJson(text: string): { readonly value: Json } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Undefined for what is no JSON object. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text)?.value;
  return isObject(value) ? value : undefined;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
