import { describe, expect, test } from "vitest";
import { compile } from "../../lib/compiler/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import { PROJECT, synthesise } from "./synthesise.ts";
import { resources, type Statement, statements, statementsOf } from "./template.ts";

const { platform, agents, all } = await synthesise("dev");
const templateOf = (agent: string) => {
  const found = agents.get(agent)?.template;
  if (found === undefined) throw new RangeError(`There is no agent ${agent}.`);
  return found;
};
const DIGEST = "?".repeat(32);
/** A table that the fixture's step declares to need, and that is not Holdfast's. */
const isDeclared = ({ resources }: Statement) => resources.every((resource) => resource.includes(":table/shop-stock"));
const isOnTable = (statement: Statement) =>
  statement.actions.some((action) => action.startsWith("dynamodb:")) && !isDeclared(statement);
const isOfIndex = ({ resources }: Statement) => resources.some((resource) => resource.includes("/index/"));
/** What a role may do with items, and with the items of which keys. */
const reach = (found: readonly Statement[]) =>
  found
    .filter(isOnTable)
    .filter((statement) => !isOfIndex(statement))
    .map(({ actions, condition }) => [actions.map((action) => action.replace("dynamodb:", "")), keysOf(condition)]);
const keysOf = (condition: unknown) =>
  (condition as { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": string[] } })["ForAllValues:StringLike"][
    "dynamodb:LeadingKeys"
  ];

describe("the function that asks people about an agent's runs", () => {
  const role = /openescalation/;

  test("is of the agent's own stack, and the machine is pinned to its version", () => {
    const template = templateOf("order-desk");
    const [machine] = resources(template, "AWS::StepFunctions::StateMachine");
    const version = machine?.properties.DefinitionSubstitutions.holdfast_open_escalation.Ref;
    const [pinned] = resources(template, "AWS::Lambda::Version").filter(({ id }) => id === version);
    expect(pinned).toMatchObject({ DeletionPolicy: "Retain" });
    expect(JSON.stringify(pinned?.properties.FunctionName)).toMatch(role);
    expect(resources(platform, "AWS::Lambda::Function").filter(({ id }) => role.test(id))).toEqual([]);
  });

  test("reads the agent's runs and marks them, and keeps what is asked about them", () => {
    expect(reach(statementsOf(templateOf("order-desk"), role))).toEqual([
      [["GetItem", "Query", "UpdateItem"], [`RUN#order-desk-${DIGEST}`]],
      [
        ["GetItem", "PutItem", "Query", "UpdateItem"],
        [`PEOPLE#order-desk-${DIGEST}`, "GROUP#order-desk#*"],
      ],
    ]);
  });

  test("of a subflow raises the budgets of the runs that run it, too", () => {
    const [onRuns] = reach(statementsOf(templateOf("credit-check"), role));
    expect(onRuns).toEqual([
      ["GetItem", "Query", "UpdateItem"],
      [`RUN#credit-check-${DIGEST}`, `RUN#order-desk-${DIGEST}`],
    ]);
  });

  test("lists what is asked of the agent's own audiences", () => {
    const listing = statementsOf(templateOf("order-desk"), role).filter(isOfIndex);
    expect(listing).toEqual([
      {
        role: expect.stringMatching(role),
        actions: ["dynamodb:Query"],
        resources: [expect.stringMatching(/\/index\/asked"/)],
        condition: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["sales-team", "sales-lead"] } },
      },
    ]);
  });

  test("tells the topic, and reads the secrets of the agent's webhooks and no others", () => {
    const secretsOf = (agent: string) =>
      statementsOf(templateOf(agent), role)
        .filter(({ actions }) => actions.some((action) => action.startsWith("secretsmanager:")))
        .map(({ actions, resources }) => [actions, resources]);
    expect(secretsOf("order-desk")).toEqual([
      [["secretsmanager:GetSecretValue"], [expect.stringMatching(/:secret:sales\/chat-hook-\?{6}"/)]],
    ]);
    expect(secretsOf("credit-check")).toEqual([]);
    const [asking] = resources(templateOf("order-desk"), "AWS::Lambda::Function").filter(({ id }) => role.test(id));
    expect(Object.keys(asking?.properties.Environment.Variables)).toEqual(
      expect.arrayContaining([Environment.table, Environment.topic]),
    );
  });
});

describe("what people are asked", () => {
  test("is kept out of reach of steps, and of whatever starts runs, plans or undoes", () => {
    for (const template of all) {
      const others = statements(template).filter(({ role }) => !/openescalation|decide|reconcileruns/.test(role));
      for (const [, keys] of reach(others)) for (const key of keys ?? []) expect(key).toMatch(/^RUN#/);
      expect(others.filter(isOnTable).filter(isOfIndex)).toEqual([]);
    }
    const ofSteps = statementsOf(templateOf("order-desk"), /stepreservestock/).filter(isOnTable);
    expect(ofSteps.length).toBe(1);
  });

  test("is reached by decide for every agent, with no more of their runs than decisions change", () => {
    const found = statementsOf(platform, /decide/);
    expect(reach(found)).toEqual([
      [["GetItem", "Query", "UpdateItem"], ["RUN#*"]],
      [["GetItem", "PutItem", "Query", "UpdateItem"], ["PEOPLE#*"]],
    ]);
    expect(found.filter(isOfIndex).map(({ resources }) => resources)).toEqual([
      [expect.stringMatching(/\/index\/asked"/)],
    ]);
  });
});

test("nothing waits for people without an end", async () => {
  const documents = [
    ...[...agents.values()].map(({ document }) => document),
    ...(await loadAgents(PROJECT)).map(({ document }) => document),
  ];
  const waiting = documents.flatMap((document) => [...callbacksIn(compile(document))]);
  expect(waiting.length).toBeGreaterThan(documents.length);
  for (const { TimeoutSeconds } of waiting) {
    if (typeof TimeoutSeconds === "number") expect(TimeoutSeconds).toBeGreaterThan(0);
    else expect(TimeoutSeconds).toMatch(/^\{%.+%\}$/s);
  }
});

/** Every state that waits for a task token, those of branches and items included. */
function* callbacksIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if ("Resource" in value && String(value.Resource).endsWith(".waitForTaskToken"))
    yield value as Record<string, unknown>;
  for (const part of Object.values(value)) yield* callbacksIn(part);
}
