import { afterAll, describe, expect, it } from "vitest";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import { checkAgent, type LoadedAgent } from "../../lib/definition/index.ts";
import { systemChance, systemClock } from "../../lib/local/index.ts";
import type { AttemptHandler } from "../../lib/runtime/index.ts";
import { startDynalite } from "../dynalite.ts";
import { inProcess } from "../in-process.ts";

const dynalite = await startDynalite();
afterAll(dynalite.stop);

const object = { type: "object" };
const task = (name: string, effect: string) => ({
  kind: "task",
  name,
  handler: `./${name}.ts`,
  effect,
  output: object,
  onFailure: "fail",
  ...(effect === "write" ? { gate: { none: "Nobody has to approve in this test." } } : {}),
});

function loaded(): LoadedAgent {
  const checked = checkAgent({
    holdfast: 1,
    name: "ordinary",
    purpose: "An ordinary run.",
    input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    triggers: [{ source: "test", detailType: "go", dedupeBy: "id" }],
    budget: { steps: 60, tokens: 1_000, usd: 1, wallClock: "1d" },
    steps: [
      task("compute", "none"),
      task("look", "read"),
      task("look-with-actions", "read"),
      task("write", "write"),
      task("write-with-actions", "write"),
      task("last", "none"),
    ],
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return { name: "ordinary", directory: "/", file: "agent.json", document: checked.agent };
}

const acting: AttemptHandler<unknown> = async (_input, { action }) => {
  for (const key of ["a", "b", "c"]) await action(key, async () => key);
  return {};
};

/** The sort keys that an ordinary run writes, over the wire, in order. */
async function writesOfRun(): Promise<string[]> {
  const store = new DynamoRunStore(dynalite.client, dynalite.table);
  const handlerOf = (handler: string) => (handler.includes("actions") ? acting : () => ({}));
  const world = inProcess(loaded(), { store, clock: systemClock(), chance: systemChance(), handlerOf });
  expect(await world.run({ id: "a" })).toMatchObject({ status: "SUCCEEDED" });
  return dynalite.requests.flatMap(({ operation, body }) => {
    if (operation === "GetItem" || operation === "Query") return [];
    expect(["PutItem", "UpdateItem"]).toContain(operation);
    const { sk } = (body.Item ?? body.Key) as { sk: { S: string } };
    return [sk.S];
  });
}

describe("an ordinary run, counted over the wire", async () => {
  const writes = await writesOfRun();
  const count = (pattern: RegExp) => writes.filter((key) => pattern.test(key)).length;

  it.each([
    ["a step with effect none", /^STEP#compute#/, 1],
    ["a step with effect read", /^STEP#look#/, 1],
    ["a step with effect read and actions", /^STEP#look-with-actions#/, 1],
    ["a step with effect write", /^STEP#write#/, 2],
    ["a step with effect write and actions", /^STEP#write-with-actions#/, 2],
    ["an action that reads", /^ACTION#look-with-actions#1#a$/, 1],
    ["an action that writes", /^ACTION#write-with-actions#1#a$/, 2],
  ])("%s costs no more writes than it should", (_, key, writesOfKey) => {
    expect(count(key)).toBe(writesOfKey);
  });

  it("the run itself costs at most four", () => {
    expect(count(/^RUN$/)).toBeLessThanOrEqual(4);
  });

  it("nothing else is written", () => {
    expect(count(/^(RUN$|STEP#|ACTION#)/)).toBe(writes.length);
    expect(count(/^STEP#/)).toBe(4 + 2 * 2);
    expect(count(/^ACTION#/)).toBe(3 + 3 * 2);
  });
});
