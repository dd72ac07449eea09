import { isList, type Json, type JsonObject, URL_PLACE } from "../contract/index.ts";
import { ToolFailed } from "../ports/index.ts";

/** Where a request goes, and what of the input is not said by that. */
export interface Address {
  readonly url: URL;
  readonly rest: JsonObject;
}

/**
 * The URL of a tool with parts of the input in their places. None of them can lead anywhere else: each is one part of the
 * path, or of the query.
 *
 * @throws ToolFailed, fault `inputInvalid`
 */
export function addressOf(template: string, input: JsonObject): Address {
  const said = new Set<string>();
  const text = template.replaceAll(URL_PLACE, (_, name: string) => {
    said.add(name);
    return partOf(name, Object.hasOwn(input, name) ? input[name] : undefined);
  });
  return { url: new URL(text), rest: Object.fromEntries(Object.entries(input).filter(([key]) => !said.has(key))) };
}

function partOf(name: string, value: Json | undefined): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  // URLs take %2e for a dot, too: no way of writing these stays one part of a path.
  if (text === "" || text === "." || text === "..") throw notAPart(name);
  try {
    return encodeURIComponent(text);
  } catch {
    throw notAPart(name);
  }
}

const notAPart = (name: string) =>
  new ToolFailed("inputInvalid", `Its ${name} has to be a text or a number that can be part of a URL.`);

/**
 * Adds to a query: lists item by item, objects as JSON.
 *
 * @throws ToolFailed, fault `inputInvalid`, where the query says something of it already: that is fixed.
 */
export function addQuery(url: URL, values: JsonObject): void {
  const fixed = Object.keys(values).find((key) => url.searchParams.has(key));
  if (fixed !== undefined) throw new ToolFailed("inputInvalid", `Its ${fixed} is fixed by its URL. Leave it out.`);
  const text = (value: Json) => (typeof value === "object" && value !== null ? JSON.stringify(value) : String(value));
  for (const [key, value] of Object.entries(values)) {
    const all: readonly Json[] = isList(value) ? value : [value];
    for (const each of all) if (each !== null) url.searchParams.append(key, text(each));
  }
}
