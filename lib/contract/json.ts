export type JsonPrimitive = string | number | boolean | null;
export type Json = JsonPrimitive | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Whether a value of JSON is an object: neither a list nor null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether a value of JSON is a list. `Array.isArray` tells no list that is read-only apart. */
export const isList = (value: unknown): value is readonly Json[] => Array.isArray(value);

/** An object as it is; an empty one in place of anything else. */
export const objectOf = (value: unknown): JsonObject => (isObject(value) ? value : {});

/** A list as it is; an empty one in place of anything else. */
export const listOf = (value: unknown): readonly Json[] => (isList(value) ? value : []);

/** What an object has under a name; undefined of anything else. */
export const memberOf = (value: Json | undefined, name: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;

/** What is at a dotted path in an object, such as `order.lines`. */
export const valueAt = (value: Json | undefined, path: string): Json | undefined =>
  path.split(".").reduce(memberOf, value);

/** The value of a JSON text; undefined of any other text. */
export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text is; undefined of any other text. */
export function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text);
  return isObject(value) ? value : undefined;
}
