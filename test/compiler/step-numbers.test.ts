import { expect, test } from "vitest";
import { compile } from "../../lib/compiler/index.ts";
import type { JsonObject } from "../../lib/contract/index.ts";
import { checkAgent } from "../../lib/definition/index.ts";
import { lambdaTasks } from "../../lib/local/engine/index.ts";
import { createEngine, seededChance, virtualClock } from "../../lib/local/index.ts";

const list = { type: "array", maxItems: 5, items: { type: "integer" } };
const task = (name: string) => ({
  kind: "task",
  name,
  handler: "./a.ts",
  effect: "none",
  output: {},
  onFailure: "fail",
});
const each = (name: string, as: string, from: string, steps: unknown[]) => ({
  kind: "each",
  name,
  as,
  items: { $from: from },
  concurrency: 2,
  steps,
});

/** The numbers that the steps of a run were given, by path. */
async function numbersOf(steps: unknown[], budget: number, input: JsonObject) {
  const checked = checkAgent({
    holdfast: 1,
    name: "counted",
    purpose: "To be tested.",
    input: {
      type: "object",
      properties: { few: list, many: list, go: { type: "boolean" } },
      required: ["few", "many", "go"],
    },
    budget: { steps: budget },
    steps,
    output: {},
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const numbers: Record<string, unknown> = {};
  const engine = createEngine({
    clock: virtualClock(),
    chance: seededChance("numbers"),
    tasks: lambdaTasks(() => (payload) => {
      const { path, number } = payload as { path: string; number?: number };
      numbers[path] = number;
      return { output: {} };
    }),
  });
  const definition = JSON.parse(JSON.stringify(compile(checked.agent)));
  const { executionArn } = await engine.startExecution({ machine: { name: "counted", definition }, input: { input } });
  expect(await engine.closed(executionArn)).toMatchObject({ status: "SUCCEEDED" });
  return numbers;
}

test("steps are not numbered where no run can pass the budget", async () => {
  const steps = [task("a"), each("lines", "line", "input.many", [task("b")])];
  expect(await numbersOf(steps, 6, { few: [], many: [1], go: true })).toEqual({ a: undefined, "lines#0/b": undefined });
});

test("items count as many as there are, and branches as if they ran to the most", async () => {
  const steps = [
    task("first"),
    each("lines", "line", "input.few", [task("b"), each("parts", "part", "input.many", [task("c")])]),
    {
      kind: "choose",
      name: "which",
      branches: [{ name: "go", when: { $eq: [{ $from: "input.go" }, true] }, steps: [task("d"), task("e")] }],
      otherwise: { steps: [task("f")] },
    },
    { kind: "parallel", name: "both", branches: { left: { steps: [task("g")] }, right: { steps: [task("h")] } } },
    task("last"),
  ];
  const numbers = await numbersOf(steps, 3, { few: [1, 2], many: [1, 2, 3], go: false });
  expect(numbers).toEqual({
    first: 1,
    "lines#0/b": 2,
    "lines#0/parts#0/c": 3,
    "lines#0/parts#1/c": 4,
    "lines#0/parts#2/c": 5,
    "lines#1/b": 8,
    "lines#1/parts#0/c": 9,
    "lines#1/parts#1/c": 10,
    "lines#1/parts#2/c": 11,
    f: 14,
    "both/left/g": 16,
    "both/right/h": 17,
    last: 18,
  });
});
