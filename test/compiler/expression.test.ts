import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { compileCondition, compileOutput, compileValue, type Names, text } from "../../lib/compiler/expression.ts";
import type { Condition, Value } from "../../lib/definition/index.ts";
import { hostileText } from "./arbitrary-agent.ts";
import {
  type ArbitraryData,
  arbitraryCondition,
  arbitraryData,
  OPTIONAL,
  primitive,
  reference,
} from "./arbitrary-condition.ts";
import { evaluated } from "./machines.ts";
import { holds, meaningOf } from "./reference-semantics.ts";

const names: Names = { bindings: {}, optional: new Set(OPTIONAL) };
const variables = (given: ArbitraryData) => ({ a: given.a, a_b: given["a-b"] });

const { value } = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    reference,
    primitive,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b c", "{%", "x %}"), tie("value"), { maxKeys: 3 }),
  ),
}));

const plain = (given: unknown): unknown => JSON.parse(JSON.stringify(given));

test("a compiled value comes to what the document means, whatever the data", () =>
  fc.assert(
    fc.asyncProperty(value, arbitraryData, async (mapping, given) => {
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
    fc.asyncProperty(arbitraryCondition, arbitraryData, async (asked, given) => {
      const answer: unknown = await jsonata(compileCondition(asked, names)).evaluate(
        undefined,
        variables(plain(given) as ArbitraryData),
      );
      expect(answer).toBe(holds(asked, plain(given) as ArbitraryData));
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
