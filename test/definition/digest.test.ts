import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../lib/contract/index.ts";
import { digestOf } from "../../lib/definition/index.ts";

const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

function reordered(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]): [string, Json] => [key, reordered(item)])
      .reverse(),
  );
}

describe("the digest of a value", () => {
  it("is SHA-256 of its canonical JSON", () => {
    // printf '{"a":[1,"x",null],"b":true}' | sha256sum
    expect(digestOf({ b: true, a: [1, "x", null] })).toBe(
      "4d7b28d08614fa6b95c30756c0ebb1630591378c477e0943d35ac08f97b604a3",
    );
  });

  it("does not depend on the order of keys, and survives a JSON round trip", () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(digestOf(reordered(value))).toBe(digestOf(value));
        expect(digestOf(JSON.parse(JSON.stringify(value)))).toBe(digestOf(value));
      }),
    );
  });

  it("is another for another value", () => {
    fc.assert(
      fc.property(json, json, (one, other) => {
        const areSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        expect(digestOf(one) === digestOf(other)).toBe(areSame);
      }),
    );
  });

  it.each<[Json, Json]>([
    [{ a: 1 }, { a: "1" }],
    [
      ["a", "b"],
      ["b", "a"],
    ],
    [["a,b"], ["a", "b"]],
    [{ a: null }, {}],
    [{}, []],
    [{ 'a":1,"b': 2 }, { a: 1, b: 2 }],
    [1e21, "1e21"],
    ["\ud800", "\udfff"],
    [JSON.parse('{"__proto__":1}'), {}],
  ])("tells %j from %j", (one, other) => {
    expect(digestOf(one)).not.toBe(digestOf(other));
  });

  it("works to any depth", () => {
    let deep: Json = 1;
    for (let level = 0; level < 100_000; level += 1) deep = level % 2 === 0 ? [deep] : { a: deep };
    expect(digestOf(deep)).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** The same with its keys in order, made another way than the digest does. */
function sorted(value: Json): Json {
  return JSON.parse(
    JSON.stringify(value, (_, item) =>
      typeof item === "object" && item !== null && !Array.isArray(item)
        ? { entries: Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)) }
        : item,
    ),
  );
}
