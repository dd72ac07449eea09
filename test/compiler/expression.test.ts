import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { compileCondition, compileOutput, compileValue, type Names, text } from "../../lib/compiler/expression.ts";
import type { Condition, Operand, Value } from "../../lib/definition/index.ts";
import { arbitraryResult, hostileText } from "./arbitrary-agent.ts";
import { evaluated } from "./machines.ts";
import { holds, meaningOf } from "./reference-semantics.ts";

const OPTIONAL = ["a.maybe", "a.none.deep", "a-b.maybe", "a-b.none.deep"];
const PATHS = ["a", "a.text", "a.count", "a.list", "a.none", "a.odd-name.and", "a-b", "a-b.list", ...OPTIONAL];
const names: Names = { bindings: {}, optional: new Set(OPTIONAL) };

const data = fc.record({ a: arbitraryResult, "a-b": arbitraryResult });
type Data = typeof data extends fc.Arbitrary<infer Type> ? Type : never;
const variables = (given: Data) => ({ a: given.a, a_b: given["a-b"] });

const reference = fc.constantFrom(...PATHS).map(($from) => ({ $from }));
const primitive = fc.oneof(
  hostileText,
  fc.boolean(),
  fc.constant(null),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    reference,
    primitive,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b c", "{%", "x %}"), tie("value"), { maxKeys: 3 }),
  ),
}));

const number = fc.constantFrom("a.count", "a-b.count").map(($from) => ({ $from }));
const word = fc.constantFrom("a.text", "a-b.text").map(($from) => ({ $from }));
const numbers = fc.tuple(number, fc.oneof(number, fc.integer({ min: -3, max: 3 }), fc.constant(1e21)));
const words = fc.tuple(word, fc.oneof(word, hostileText));
const ordered = fc.oneof(numbers, words) as fc.Arbitrary<readonly [Operand, Operand]>;
const scalars = ["a.text", "a.count", "a.flag", "a.maybe", "a.none.deep"];
const scalar = fc.constantFrom(...scalars).map(($from) => ({ $from }));
const any = fc.tuple(scalar, fc.oneof(primitive, scalar));
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    any.map(($eq) => ({ $eq })),
    any.map(($ne) => ({ $ne })),
    ordered.map(($lt) => ({ $lt })),
    ordered.map(($lte) => ({ $lte })),
    ordered.map(($gt) => ({ $gt })),
    ordered.map(($gte) => ({ $gte })),
    fc.tuple(scalar, fc.array(primitive, { minLength: 1, maxLength: 3 })).map(($in) => ({ $in })),
    reference.map(($exists) => ({ $exists })),
    tie("condition").map(($not) => ({ $not })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map(($and) => ({ $and })),
    fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map(($or) => ({ $or })),
  ),
}));

const plain = (given: unknown): unknown => JSON.parse(JSON.stringify(given));

test("a compiled value comes to what the document means, whatever the data", () =>
  fc.assert(
    fc.asyncProperty(value, data, async (mapping, given) => {
      const expected = plain(meaningOf(mapping, given));
      expect(plain(await evaluated(compileValue(mapping, names), variables(given)))).toEqual(expected);
      if (!Array.isArray(mapping)) {
        expect(plain(await evaluated(compileOutput(mapping, names), variables(given)))).toEqual(expected);
      }
    }),
    { numRuns: 500 },
  ));

test("a compiled condition is the boolean that the document means, whatever the data", () =>
  fc.assert(
    fc.asyncProperty(condition, data, async (asked, given) => {
      const answer: unknown = await jsonata(compileCondition(asked, names)).evaluate(
        undefined,
        variables(plain(given) as Data),
      );
      expect(answer).toBe(holds(asked, plain(given) as Data));
    }),
    { numRuns: 500 },
  ));

test("an output is an object or an expression", () =>
  fc.assert(
    fc.property(value, (mapping) => {
      fc.pre(!Array.isArray(mapping));
      const output = compileOutput(mapping, names);
      expect(
        typeof output === "string" ? output.startsWith("{% ") : typeof output === "object" && output !== null,
      ).toBe(true);
    }),
  ));

describe("references keep lists as they are", () => {
  const lists: unknown[] = [[], [1], [[1]], [[]], [null], [[], [1]], { list: [] }, { list: [7] }];
  test.each(lists.map((list) => [JSON.stringify(list), list]))("%s", async (_, list) => {
    const bindings = {
      a: { list, maybe: list },
      states: { input: { item: list }, result: { Payload: { output: list } } },
    };
    const inItem = { ...names, bindings: { item: "$states.input.item", own: "$states.result.Payload.output" } };
    for (const $from of ["a.list", "a.maybe", "item", "own"]) {
      expect(await evaluated(compileValue({ $from }, inItem), bindings), $from).toEqual(list);
    }
  });
});

describe("conditions about what is not there", () => {
  const absent: [string, Condition, boolean][] = [
    ["is equal", { $eq: [{ $from: "a.maybe" }, null] }, false],
    ["is not equal", { $ne: [{ $from: "a.maybe" }, "x"] }, true],
    ["is less", { $lt: [{ $from: "a.maybe" }, "x"] }, false],
    ["is one of", { $in: [{ $from: "a.maybe" }, ["x", null]] }, false],
    ["exists", { $exists: { $from: "a.maybe" } }, false],
    ["exists inside null", { $exists: { $from: "a.none.deep" } }, false],
    ["not less", { $not: { $lt: [{ $from: "a.maybe" }, "x"] } }, true],
  ];
  test.each(absent)("%s", async (_, asked, expected) => {
    expect(await jsonata(compileCondition(asked, names)).evaluate(undefined, { a: { none: null } })).toBe(expected);
  });
});

test("every text is a literal that comes back as it was, on one line and without a placeholder", () =>
  fc.assert(
    fc.asyncProperty(hostileText, async (words) => {
      const literal = text(words);
      expect(literal).not.toMatch(/[\n\r\u2028\u2029]|\$\{/);
      expect(await jsonata(literal).evaluate(undefined)).toBe(words);
    }),
  ));
