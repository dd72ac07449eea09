import fc from "fast-check";
import jsonata from "jsonata";
import { describe, expect, test } from "vitest";
import { compileCondition } from "../../../lib/compiler/expression.ts";
import type { Condition } from "../../../lib/definition/index.ts";
import { holds } from "../../../lib/runtime/reason/condition.ts";
import { type ArbitraryData, arbitraryCondition, arbitraryData, OPTIONAL } from "../../compiler/arbitrary-condition.ts";

const names = { bindings: {}, optional: new Set(OPTIONAL) };

test("a condition holds in a loop as it does in a state machine, whatever the data", () =>
  fc.assert(
    fc.asyncProperty(arbitraryCondition, arbitraryData, async (condition, given) => {
      const data = JSON.parse(JSON.stringify(given)) as ArbitraryData;
      const compiled = jsonata(compileCondition(condition, names));
      expect(holds(condition, data)).toBe(await compiled.evaluate(undefined, { a: data.a, a_b: data["a-b"] }));
    }),
    { numRuns: 500 },
  ));

describe("of what no tool has said yet", () => {
  const absent = { $from: "facts.order.paid" };
  test.each<[string, Condition, boolean]>([
    ["nothing is equal", { $eq: [absent, null] }, false],
    ["all is different", { $ne: [absent, true] }, true],
    ["nothing is less", { $lt: [absent, 1] }, false],
    ["nothing is among others", { $in: [absent, [null, true]] }, false],
    ["nothing exists", { $exists: absent }, false],
    ["nothing exists that every object has", { $exists: { $from: "facts.constructor" } }, false],
  ])("%s", (_, condition, expected) => {
    expect(holds(condition, { facts: {} })).toBe(expected);
  });
});
