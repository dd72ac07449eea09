import { createHash } from "node:crypto";
import { isList, type Json } from "../contract/index.ts";

/** A value still to be written, or text that is ready. */
type Part = { readonly value: Json } | { readonly text: string };

/**
 * SHA-256 of a value as canonical JSON (RFC 8785), in hex: the same whatever the order of keys, and of what comes back from
 * a JSON round trip. Works to any depth.
 */
export function digestOf(value: Json): string {
  const texts: string[] = [];
  const pending: Part[] = [{ value }];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if ("text" in part) texts.push(part.text);
    else for (const next of partsOf(part.value).reverse()) pending.push(next);
  }
  return createHash("sha256").update(texts.join("")).digest("hex");
}

function partsOf(value: Json): Part[] {
  if (typeof value !== "object" || value === null) return [{ text: JSON.stringify(value) }];
  if (isList(value)) {
    const items = value.flatMap((item, index): Part[] => [{ text: index === 0 ? "" : "," }, { value: item }]);
    return [{ text: "[" }, ...items, { text: "]" }];
  }
  const entries = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, item], index): Part[] => [
      { text: `${index === 0 ? "" : ","}${JSON.stringify(key)}:` },
      { value: item },
    ]);
  return [{ text: "{" }, ...entries, { text: "}" }];
}
