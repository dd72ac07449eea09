import { expect, test } from "vitest";
import { synthesise } from "./synthesise.ts";
import { statementsOf } from "./template.ts";

const { agents } = await synthesise("dev");
const keysOf = (agent: string, role: RegExp) => {
  const template = agents.get(agent)?.template;
  if (template === undefined) throw new RangeError(`There is no agent ${agent}.`);
  return statementsOf(template, role)
    .filter(({ actions }) => actions.some((action) => action.startsWith("dynamodb:")))
    .map(({ actions, condition }) => ({ writes: actions.includes("dynamodb:UpdateItem"), condition }));
};
const runs = (...names: string[]) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": names.map((name) => `RUN#${name}-${"?".repeat(32)}`) },
});

test("the steps of a subflow reach the budget of the run that runs it", () => {
  expect(keysOf("credit-check", /steplookup/)).toEqual([
    { writes: true, condition: runs("credit-check", "order-desk") },
  ]);
});

test("a subflow's run is opened by who may read whose budget it spends of, and write nothing there", () => {
  expect(keysOf("credit-check", /startrun/)).toEqual([
    { writes: true, condition: runs("credit-check") },
    { writes: false, condition: runs("order-desk") },
  ]);
});

test("nobody reaches the runs of an agent that is not above them", () => {
  expect(keysOf("order-desk", /stepreadorder/)).toEqual([{ writes: true, condition: runs("order-desk") }]);
});
