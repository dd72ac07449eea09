import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadAgents } from "../../../lib/definition/index.ts";
import { type ApiServer, type Delivery, type LocalPlatform, openLocalPlatform } from "../../../lib/local/index.ts";
import { arnOf, clientConfiguration } from "./served-engine.ts";

const FIXTURES = resolve("functions/invoice-desk/fixtures");

let directory: string;
let platform: LocalPlatform;
let server: ApiServer;
let events: EventBridgeClient;
let states: SFNClient;
let deliveries: Delivery[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-events-"));
  platform = await openLocalPlatform({ dataDir: join(directory, "data"), agents: await loadAgents(".") });
  deliveries = [];
  server = await platform.serve({
    port: 0,
    base: pathToFileURL(`${FIXTURES}/`).href,
    onDelivery: (delivery) => deliveries.push(delivery),
  });
  events = new EventBridgeClient(clientConfiguration(server.endpoint));
  states = new SFNClient(clientConfiguration(server.endpoint));
});

afterEach(async () => {
  events.destroy();
  states.destroy();
  await server.close();
  await platform.close();
  await rm(directory, { recursive: true });
});

const put = (...Entries: PutEventsRequestEntry[]) => events.send(new PutEventsCommand({ Entries }));

/** An invoice as the ERP announces it. */
const received = (invoiceId: string, detail: object = {}): PutEventsRequestEntry => ({
  Source: "erp.invoices",
  DetailType: "InvoiceReceived",
  Detail: JSON.stringify({
    invoiceId,
    document: "invoices/clean.xml",
    erpExport: "erp/orders.csv",
    payments: pathToFileURL(join(directory, "payments")).href,
    ...detail,
  }),
});

const executions = async () =>
  (await states.send(new ListExecutionsCommand({ stateMachineArn: arnOf("invoice-desk") }))).executions ?? [];

describe("an event that an agent has a trigger for", () => {
  it("starts a run that completes", async () => {
    const { FailedEntryCount, Entries } = await put(received("INV-2025-0001"));
    expect({ FailedEntryCount, Entries }).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    const [started] = await executions();
    await platform.settled(started?.name ?? "");
    const run = await states.send(new DescribeExecutionCommand({ executionArn: started?.executionArn }));
    expect(run.status).toBe("SUCCEEDED");
    expect(JSON.parse(run.output ?? "")).toMatchObject({ verdict: "clean" });
    expect(JSON.parse(run.input ?? "").event).toMatchObject({ id: Entries?.[0]?.EventId, source: "erp.invoices" });
    expect(await readdir(join(directory, "payments"))).toHaveLength(1);
  });

  it("starts one run, however often it comes", async () => {
    await put(received("INV-2025-0001"), received("INV-2025-0001"));
    await put(received("INV-2025-0001"));
    const runs = await executions();
    await platform.settled(runs[0]?.name ?? "");
    expect(runs).toHaveLength(1);
    const isNew = deliveries.map((delivery) => delivery.kind === "started" && delivery.run.isNew);
    expect(isNew.filter(Boolean)).toHaveLength(1);
    expect(isNew).toHaveLength(3);
  });

  it("carries the time that its sender gave", async () => {
    await put({ ...received("INV-2025-0001"), Time: new Date("2025-03-20T08:15:00Z") });
    expect(deliveries[0]?.event).toMatchObject({ time: "2025-03-20T08:15:00Z" });
  });

  it.each([
    ["that its sender belongs to", "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1", true],
    ["of its own where its sender names none", "nonsense", false],
  ])("starts a run in the trace %s", async (_, TraceHeader, isKept) => {
    await put({ ...received("INV-2025-0001"), TraceHeader });
    const [started] = await executions();
    await platform.settled(started?.name ?? "");
    const run = await states.send(new DescribeExecutionCommand({ executionArn: started?.executionArn }));
    expect(run.traceHeader).toBe(isKept ? TraceHeader : undefined);
  });

  it("whose detail the agent does not take is accepted, and the refusal told on this side", async () => {
    expect(await put(received("INV-2025-0001", { document: 7 }))).toMatchObject({ FailedEntryCount: 0 });
    expect(deliveries).toMatchObject([
      { kind: "refused", agent: "invoice-desk", reason: expect.stringContaining("document") },
    ]);
    expect(await executions()).toEqual([]);
  });
});

it.each([
  ["source", { Source: "erp.invoices.test" }],
  ["detail type", { DetailType: "invoicereceived" }],
])("an event of another %s starts nothing", async (_, other) => {
  expect(await put({ ...received("INV-2025-0001"), ...other })).toMatchObject({ FailedEntryCount: 0 });
  expect(deliveries).toMatchObject([{ kind: "unmatched" }]);
  expect(await executions()).toEqual([]);
});

it("an entry that is no event fails by itself, in AWS's words", async () => {
  const good = received("INV-2025-0001");
  const { FailedEntryCount, Entries } = await put(
    { ...good, Source: undefined },
    { ...good, DetailType: "" },
    { ...good, Detail: undefined },
    { ...good, Detail: "{" },
    { ...good, Detail: "[]" },
    { ...good, Source: "nobody" },
  );
  expect(FailedEntryCount).toBe(5);
  expect(Entries?.map(({ ErrorCode, ErrorMessage }) => ErrorCode && `${ErrorCode}: ${ErrorMessage}`)).toEqual([
    "InvalidArgument: Parameter Source is not valid. Reason: Source is a required argument.",
    "InvalidArgument: Parameter DetailType is not valid. Reason: DetailType is a required argument.",
    "InvalidArgument: Parameter Detail is not valid. Reason: Detail is a required argument.",
    "MalformedDetail: Detail is malformed.",
    "MalformedDetail: Detail is malformed.",
    undefined,
  ]);
  expect(await executions()).toEqual([]);
});

it("takes ten entries, and no eleventh", async () => {
  const entries = Array.from({ length: 11 }, () => ({ ...received("x"), Source: "nobody" }));
  expect(await put(...entries.slice(1))).toMatchObject({ FailedEntryCount: 0 });
  await expect(put(...entries)).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put()).rejects.toMatchObject({ name: "ValidationException" });
});
