import { isObject, type Json, type JsonObject } from "../contract/index.ts";

/**
 * An input whose relative URIs are resolved: the strings that its schema calls `uri-reference`. A machine elsewhere has
 * no use for paths relative to a file here, so they are resolved before a run starts.
 */
export function resolveUris(schema: JsonObject, value: Json, base: string): Json {
  if (schema.format === "uri-reference" && typeof value === "string") {
    return URL.canParse(value, base) ? new URL(value, base).href : value;
  }
  if (!isObject(value)) return value;
  const properties = (schema.properties ?? {}) as Readonly<Record<string, JsonObject>>;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      Object.hasOwn(properties, name) ? resolveUris(properties[name] ?? {}, part, base) : part,
    ]),
  );
}
