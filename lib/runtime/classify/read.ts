/**
 * Reads along a path through anything at all. What is not there, or throws on being read (a getter, a Proxy), is
 * undefined.
 */
export function read(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) ? attempt(() => Reflect.get(at, key)) : undefined), value);
}

/** The first items of a list; none where there is no list. */
export function itemsOf(value: unknown, most = 16): unknown[] {
  if (attempt(() => Array.isArray(value)) !== true) return [];
  const length = Math.min(numberOf(read(value, "length")) ?? 0, most);
  return Array.from({ length }, (_, index) => read(value, String(index)));
}

export const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export const numberOf = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

/** The first of the items of which something is found, as what is found of it. */
export function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | undefined) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The result, or undefined where it throws. */
export function attempt<Result>(run: () => Result): Result | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
