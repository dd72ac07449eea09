import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Environment } from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import { serveApi } from "../../lib/local/api/index.ts";
import { startDynalite } from "../dynalite.ts";
import { startSqs } from "../fakes/sqs-server.ts";
import { askingEngine } from "../local/asking-engine.ts";

const { client, table, stop } = await startDynalite();
const { engine, machine, clock, chance, waiting } = askingEngine();
const machines = { all: [machine], createdAt: new Date(clock.now()) };
const server = await serveApi({ engine, machines, clock, chance, targets: [], onDelivery: () => undefined }, 0);
const sqs = await startSqs();

const agent: AgentEntry = {
  name: "desk",
  input: { type: "object", properties: { invoiceId: { type: "string" } }, required: ["invoiceId"] },
  triggers: [{ source: "erp", detailType: "Received", dedupeBy: "invoiceId" }],
  budget: {},
};
const TRACE = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1";

beforeAll(async () => {
  const { protocol, hostname, port } = (await client.config.endpoint?.()) ?? { protocol: "", hostname: "", port: 0 };
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_MAX_ATTEMPTS", "1");
  vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", `${protocol}//${hostname}:${port}`);
  vi.stubEnv("AWS_ENDPOINT_URL_SFN", server.endpoint);
  vi.stubEnv("AWS_ENDPOINT_URL_SQS", sqs.endpoint);
  vi.stubEnv(Environment.table, table);
  vi.stubEnv(Environment.stateMachine, waiting.stateMachine);
  vi.stubEnv(Environment.deadLetters, sqs.queueUrl);
});
beforeEach(() => {
  sqs.sent.length = 0;
  sqs.state.refuses = false;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await sqs.stop();
  await server.close();
  await engine.close();
  await stop();
});

const handler = async () => {
  const { startRunFunction } = await import("../../functions/platform/start-run.ts");
  const { deadLetters } = await import("../../functions/platform/dead-letters.ts");
  return startRunFunction(agent, deadLetters());
};
const eventOf = (invoiceId: string) => ({ id: "e-1", source: "erp", "detail-type": "Received", detail: { invoiceId } });
const record = (messageId: string, body: string, AWSTraceHeader?: string): SQSRecord => ({
  messageId,
  receiptHandle: "",
  body,
  attributes: {
    ApproximateReceiveCount: "1",
    SentTimestamp: "0",
    SenderId: "events",
    ApproximateFirstReceiveTimestamp: "0",
    ...(AWSTraceHeader === undefined ? {} : { AWSTraceHeader }),
  },
  messageAttributes: {},
  md5OfBody: "",
  eventSource: "aws:sqs",
  eventSourceARN: "",
  awsRegion: "us-east-1",
});
const batch = (...Records: SQSRecord[]): SQSEvent => ({ Records });
const started = () => engine.listExecutions({ status: "RUNNING" });

describe("the function start-run", () => {
  it("starts the runs of a batch in the trace of their events, and keeps what can never start one", async () => {
    const start = await handler();
    const answer = await start(
      batch(
        record("m-1", JSON.stringify(eventOf("A")), TRACE),
        record("m-2", "no JSON"),
        record("m-3", JSON.stringify(eventOf("A")), TRACE),
      ),
    );
    expect(answer).toEqual({ batchItemFailures: [] });
    const [run, ...others] = await started();
    expect(others).toEqual([]);
    expect((await engine.describeExecution(run?.executionArn ?? "")).traceHeader).toBe(TRACE);
    expect(sqs.sent.map(({ MessageAttributes }) => MessageAttributes.messageId?.StringValue)).toEqual(["m-2"]);
  });

  it("has alone that handed out again which could not be kept", async () => {
    sqs.state.refuses = true;
    const start = await handler();
    const answer = await start(batch(record("m-1", "no JSON"), record("m-2", JSON.stringify(eventOf("A")))));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-1" }] });
  });

  it("starts the run of an event that another function gives it, and says which", async () => {
    const start = await handler();
    const answer = await start({ event: eventOf("B") });
    expect(answer).toEqual({ runId: expect.stringMatching(/^desk-[0-9a-f]{32}$/), isNew: true });
    expect(await start({ event: eventOf("B") })).toEqual({ ...answer, isNew: false });
    await expect(start({ event: {} })).rejects.toMatchObject({ name: "Holdfast.InvalidInput" });
    expect(sqs.sent).toEqual([]);
  });
});
