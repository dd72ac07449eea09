import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import { Environment, RUN, runKey, type SweepEvent } from "../../lib/contract/index.ts";
import { serveApi } from "../../lib/local/api/index.ts";
import { openRun } from "../../lib/runtime/index.ts";
import { startDynalite } from "../dynalite.ts";
import { testClock } from "../fakes/ports.ts";
import { askingEngine } from "../local/asking-engine.ts";

const { client, table, stop } = await startDynalite();
const { engine, machine, clock, chance, waiting } = askingEngine();
const machines = { all: [machine], createdAt: new Date(clock.now()) };
const server = await serveApi({ engine, machines, clock, chance, targets: [], onDelivery: () => undefined }, 0);
const store = new DynamoRunStore(client, table);

beforeAll(async () => {
  const { protocol, hostname, port } = (await client.config.endpoint?.()) ?? { protocol: "", hostname: "", port: 0 };
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `${protocol}//${hostname}:${port}`);
  vi.stubEnv("AWS_ENDPOINT_URL_SFN", server.endpoint);
  vi.stubEnv(Environment.table, table);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await engine.close();
  await stop();
});

const HOUR_MS = 3_600_000;
const runId = (number: number) => `desk-${String(number).padStart(32, "0")}`;
const open = (number: number) =>
  openRun({ store, clock: testClock(Date.now() - HOUR_MS) }, runId(number), { number }, { budget: {} });
const statusOf = async (number: number) => (await store.get({ pk: runKey(runId(number)), sk: RUN }))?.status;

it("the function reconcile-runs takes status events, and the sweeps of an agent's schedule", async () => {
  const { handler } = await import("../../functions/platform/reconcile-runs.ts");
  for (const number of [1, 2, 3]) await open(number);
  const event = {
    version: "0",
    id: "e-1",
    "detail-type": "Step Functions Execution Status Change" as const,
    source: "aws.states",
    account: "111122223333",
    time: "2026-01-01T00:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: {
      name: runId(1),
      status: "TIMED_OUT" as const,
      stateMachineArn: "arn:aws:states:us-east-1:111122223333:stateMachine:foreign",
    },
  };
  await handler(event);
  expect(await statusOf(1)).toBe("running");
  const stateMachineArn = "arn:aws:states:us-east-1:111122223333:stateMachine:holdfast-desk";
  await handler({ ...event, detail: { ...event.detail, stateMachineArn } });
  expect(await statusOf(1)).toBe("failed");

  await engine.startExecution({ machine, name: runId(2), input: { number: 2 } });
  await waiting.end(runId(2), "fail", "Holdfast.Abandoned");
  const sweep: SweepEvent = { sweep: { name: "desk", stateMachine: waiting.stateMachine } };
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await handler(sweep);
  const measured = written.mock.calls.map(([line]) => JSON.parse(String(line)));
  written.mockRestore();
  expect(measured).toMatchObject([{ Agent: "desk", RunsOpen: 1 }]);
  expect(await statusOf(2)).toBe("abandoned");
  const [started] = await engine.listExecutions({ status: "RUNNING" });
  expect(started).toMatchObject({ name: runId(3), input: { number: 3 } });
  expect(await statusOf(3)).toBe("running");
});
