import { SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, expect, it } from "vitest";
import { machineCounter } from "../../lib/aws/index.ts";
import { serveApi } from "../../lib/local/api/index.ts";
import { createEngine, lambdaTasks, stateMachineArnOf } from "../../lib/local/engine/index.ts";
import { readHistory, systemChance, systemClock } from "../../lib/local/index.ts";
import { machine, task } from "../local/engine/machines.ts";

const [clock, chance] = [systemClock(), systemChance()];
let calls = 0;
const flaky = async () => {
  await new Promise((resolve) => setTimeout(resolve, 50));
  if (++calls === 1) throw Object.assign(new Error("It is only a test."), { name: "Busy" });
  return {};
};
const engine = createEngine({ clock, chance, tasks: lambdaTasks(() => flaky) });
const definition = machine({
  Work: task({ Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1 }], Output: {}, Next: "Done" }),
  Done: { Type: "Succeed" },
});
const all = [{ name: "desk", definition }];
const machines = { all, createdAt: new Date(clock.now()) };
const server = await serveApi({ engine, machines, clock, chance, targets: [], onDelivery: () => undefined }, 0);
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const client = new SFNClient({ endpoint: server.endpoint, region: "us-east-1", credentials });
afterAll(async () => {
  client.destroy();
  await server.close();
  await engine.close();
});

it("an execution counts as its history reads, and at most one is counted a second", async () => {
  const { executionArn } = await engine.startExecution({ machine: { name: "desk", definition }, name: "a", input: {} });
  await engine.closed(executionArn);
  let now = 5_000;
  const count = machineCounter(client, () => now);
  const counted = await count(`${stateMachineArnOf("desk")}:live`, "a");
  const { transitions, invocations, visits } = readHistory(await engine.getHistory(executionArn));
  expect(counted).toMatchObject({ transitions, invocations });
  expect({ transitions, invocations }).toEqual({ transitions: 3, invocations: 2 });
  const milliseconds = visits
    .flatMap(({ tries }) => tries)
    .reduce((sum, { startedAt, answeredAt = startedAt }) => sum + answeredAt - startedAt, 0);
  expect(counted?.gigabyteSeconds).toBeCloseTo(milliseconds / 2_000, 6);
  now += 999;
  expect(await count(stateMachineArnOf("desk"), "a")).toBeUndefined();
  now += 1;
  expect(await count(stateMachineArnOf("desk"), "a")).toEqual(counted);
});
