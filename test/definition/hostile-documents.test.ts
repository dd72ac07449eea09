import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkAgent } from "../../lib/definition/index.ts";
import { agent, each, ifPaid, task } from "./documents.ts";

const problemsOf = (source: unknown) => {
  const result = checkAgent(source);
  return result.ok ? [] : result.problems;
};
const codesOf = (source: unknown) => [...new Set(problemsOf(source).map(({ code }) => code))];

function nested(levels: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = wrap(value);
  return value;
}

describe("whatever it is, it is a problem and no crash", () => {
  const things: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["a text", "agent"],
    ["a list", []],
    ["a function", () => agent()],
    ["a date", new Date(0)],
    ["a map", new Map([["holdfast", 1]])],
    ["an object without a prototype", Object.create(null)],
    ["steps that are an object", agent({ steps: { 0: task() } })],
    ["a name with a null character", agent({ name: "a\u0000b" })],
    ["numbers beyond numbers", agent({ budget: { usd: Number.POSITIVE_INFINITY, tokens: Number.NaN } })],
    ["a reference that is no text", agent({ steps: [task({ input: { $from: { $from: "input" } } })] })],
    [
      "a condition with two questions",
      agent({ steps: [{ ...ifPaid([]), branches: [{ name: "a", when: { $eq: [1, 1], $ne: [1, 1] }, steps: [] }] }] }),
    ],
  ];
  test.each(things)("%s", (_, thing) => {
    expect(codesOf(thing)).toEqual(["invalid-shape"]);
  });

  test("any value at all", () =>
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
        (thing) => {
          expect(problemsOf(thing).length).toBeGreaterThan(0);
          expect(problemsOf(agent({ steps: [thing] })).length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    ));

  test("any value in the place of any part of a good document", () => {
    const good = agent({ steps: [task(), each({ steps: [ifPaid([task({ name: "inner" })])] })] });
    const places = placesIn(good);
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.anything(), (place, thing) => {
        const result = checkAgent(replaced(good, place, thing));
        if (!result.ok) for (const { message, path } of result.problems) expect(`${path}: ${message}`).toMatch(/\S/);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("deep, endless and huge documents", () => {
  test.each([65, 10_000])("%i levels of a value", (levels) => {
    expect(codesOf(agent({ steps: [task({ input: nested(levels, (inner) => ({ inner })) })] }))).toEqual([
      "malformed-document",
    ]);
    expect(codesOf(agent({ steps: [task({ input: nested(levels, (inner) => [inner]) })] }))).toEqual([
      "malformed-document",
    ]);
  });

  test("10 000 levels of conditions, of steps and of schemas", () => {
    const when = nested(10_000, ($not) => ({ $not }));
    const steps = nested(10_000, (inner) => [each({ steps: inner })]);
    const output = nested(10_000, (items) => ({ type: "array", items }));
    expect(codesOf(agent({ steps: [{ ...ifPaid([]), branches: [{ name: "a", when, steps: [] }] }] }))).toEqual([
      "malformed-document",
    ]);
    expect(codesOf(agent({ steps }))).toEqual(["malformed-document"]);
    expect(codesOf(agent({ steps: [task({ output })] }))).toEqual(["malformed-document"]);
  });

  test("a document that contains itself, twice on every level", () => {
    const endless: Record<string, unknown> = {};
    endless.left = endless;
    endless.right = [endless];
    expect(codesOf(agent({ steps: [task({ input: endless })] }))).toEqual(["malformed-document"]);
  });

  test("half a million parts", () => {
    const [problem] = problemsOf(agent({ steps: [task({ input: Array.from({ length: 500_000 }, () => 0) })] }));
    expect(problem).toEqual({
      code: "malformed-document",
      path: expect.stringMatching(/^steps\[0\]\.input\[\d+\]$/),
      message: "More than 500000 parts up to here. Split it into subflows.",
    });
  });

  test("5 000 things wrong are 5 000 problems", () => {
    const input = Array.from({ length: 5_000 }, () => ({ $from: "gone" }));
    expect(problemsOf(agent({ steps: [task({ input })] }))).toHaveLength(5_000);
    const wrong = Array.from({ length: 5_000 }, () => ({ $from: "." }));
    expect(problemsOf(agent({ steps: [task({ input: wrong })] }))).toHaveLength(5_000);
  });
});

describe("schemas that refer to themselves", () => {
  const properties = (value: unknown, $defs = {}) => ({
    type: "object",
    properties: { value },
    required: ["value"],
    $defs,
  });
  const schemas: [string, unknown][] = [
    ["by name", properties({ $ref: "#/$defs/A" }, { A: { $ref: "#/$defs/A" } })],
    ["by each other", properties({ $ref: "#/$defs/A" }, { A: { $ref: "#/$defs/B" }, B: { $ref: "#/$defs/A" } })],
    [
      "as their own alternative",
      properties({ $ref: "#/$defs/A" }, { A: { anyOf: [{ $ref: "#/$defs/A" }, { $ref: "#/$defs/A" }] } }),
    ],
    ["to nothing", properties({ $ref: "#/$defs/gone" })],
    ["to a prototype", properties({ $ref: "#/__proto__/constructor" })],
    ["a lattice of alternatives", properties({ $ref: "#/$defs/L0" }, lattice(40))],
  ];
  test.each(schemas)("%s", (_, input) => {
    const steps = [
      task({ input: { $from: "input.value.deep.deeper" } }),
      { ...ifPaid([]), branches: [{ name: "a", when: { $lt: [{ $from: "input.value" }, 1] }, steps: [] }] },
      each({ items: { $from: "input.value" } }),
    ];
    for (const { message } of problemsOf(agent({ input, steps }))) expect(message).toMatch(/\.$/);
  });

  test("a tree can be walked as deep as anyone likes", () => {
    const tree = {
      type: "object",
      properties: { name: { type: "string" }, left: { $ref: "#" } },
      required: ["name", "left"],
    };
    const path = `input.${"left.".repeat(50)}`;
    expect(problemsOf(agent({ input: tree, steps: [task({ input: { $from: `${path}name` } })] }))).toEqual([]);
    expect(codesOf(agent({ input: tree, steps: [task({ input: { $from: `${path}nome` } })] }))).toEqual([
      "unknown-reference",
    ]);
  });
});

function lattice(levels: number) {
  const both = (to: number) => ({ anyOf: [{ $ref: `#/$defs/L${to}` }, { $ref: `#/$defs/L${to}` }] });
  const entries = Array.from({ length: levels }, (_, level) => [`L${level}`, both(level + 1)]);
  return Object.fromEntries([...entries, [`L${levels}`, { type: "number" }]]);
}

type Place = readonly (string | number)[];

function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value !== "object" || value === null) return [at];
  const keys = Array.isArray(value) ? value.map((_, index) => index) : Object.keys(value);
  return [at, ...keys.flatMap((key) => placesIn(Reflect.get(value, key), [...at, key]))];
}

function replaced(value: unknown, [key, ...rest]: Place, by: unknown): unknown {
  if (key === undefined) return by;
  const copy: object = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), rest, by));
  return copy;
}
