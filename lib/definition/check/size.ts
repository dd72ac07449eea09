import { placeOf } from "./place.ts";
import type { Problem } from "./problem.ts";

const MAX_DEPTH = 64;
const MAX_PARTS = 500_000;

interface Part {
  readonly value: unknown;
  readonly key: PropertyKey;
  readonly of?: Part;
}

/**
 * What would make everything that reads a document run out of stack, memory or sense: nested too deep (or in itself), too
 * large, or with a key that JavaScript takes for an object's prototype.
 */
export function checkSize(source: unknown): Problem[] {
  let level: Part[] = [{ value: source, key: "" }];
  let parts = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: Part[] = [];
    for (const part of level) {
      const { value } = part;
      if (typeof value !== "object" || value === null) continue;
      if (depth > MAX_DEPTH) return malformed(part, `Nested deeper than ${MAX_DEPTH} levels. Flatten it.`);
      for (const key of Object.keys(value)) {
        parts += 1;
        const own = { value: Reflect.get(value, key), key: Array.isArray(value) ? Number(key) : key, of: part };
        if (key === "__proto__") return malformed(own, "__proto__ cannot be a key. Choose another.");
        if (parts > MAX_PARTS)
          return malformed(own, `More than ${MAX_PARTS} parts up to here. Split it into subflows.`);
        next.push(own);
      }
    }
    level = next;
  }
  return [];
}

function malformed(part: Part, message: string): Problem[] {
  const path: PropertyKey[] = [];
  for (let at = part; at.of !== undefined; at = at.of) path.unshift(at.key);
  return [{ code: "malformed-document", path: placeOf(path), message }];
}
