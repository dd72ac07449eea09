import { describe, expect, it } from "vitest";
import { ErrorClass, type Json } from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import { type QueuedEvent, reconcileRun, startBatch } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";

const agent: AgentEntry = {
  name: "desk",
  input: {
    type: "object",
    properties: { invoiceId: { type: "string" }, total: { type: "number", minimum: 0 } },
    required: ["invoiceId"],
    additionalProperties: false,
  },
  triggers: [{ source: "erp", detailType: "Received", dedupeBy: "invoiceId" }],
  budget: {},
};
const bodyOf = (detail: Json, more: Record<string, Json> = {}) =>
  JSON.stringify({ id: "e-1", source: "erp", "detail-type": "Received", detail, ...more });
const message = (messageId: string, body: string, traceHeader?: string): QueuedEvent => ({
  messageId,
  body,
  traceHeader,
});
const invoice = (messageId: string, invoiceId: string) => message(messageId, bodyOf({ invoiceId }));
const start = (ports: ReturnType<typeof testPorts>, ...batch: QueuedEvent[]) =>
  startBatch(ports, agent, "machine", batch);
const kinds = (starts: Awaited<ReturnType<typeof start>>) =>
  starts.map(({ messageId, kind }) => `${messageId} ${kind}`);

describe("a batch", () => {
  it("starts a run for each event, and one for those that are the same", async () => {
    const ports = testPorts();
    const starts = await start(
      ports,
      invoice("m-1", "A"),
      invoice("m-2", "A"),
      invoice("m-3", "B"),
      invoice("m-4", "A"),
    );
    expect(kinds(starts)).toEqual(["m-1 started", "m-2 started", "m-3 started", "m-4 started"]);
    expect(ports.started).toHaveLength(2);
    expect(starts.filter((one) => one.kind === "started" && one.isNew)).toHaveLength(2);
  });

  it("measures how long each new run was waited for: since its event was queued, or else happened", async () => {
    const ports = testPorts();
    const now = ports.clock.now();
    const time = new Date(now - 9_000).toISOString();
    await start(
      ports,
      { ...invoice("m-1", "A"), sentAt: now - 1_500 },
      { ...message("m-2", bodyOf({ invoiceId: "B" }, { time })), sentAt: now + 50 },
      message("m-3", bodyOf({ invoiceId: "C" }, { time })),
      invoice("m-4", "D"),
      { ...message("m-5", "no JSON"), sentAt: now - 1 },
    );
    await start(ports, { ...invoice("m-1", "A"), sentAt: now - 99_000 });
    expect(ports.measured).toEqual([1_500, 0, 9_000].map((startDelay) => ({ agent: "desk", values: { startDelay } })));
  });

  it("succeeds when it is delivered again, while its runs are under way and after they have ended", async () => {
    const ports = testPorts();
    const batch = [invoice("m-1", "A"), invoice("m-2", "B")];
    const [first] = await start(ports, ...batch);
    if (first?.kind === "started") await reconcileRun(ports, { name: first.runId, status: "SUCCEEDED" });
    expect(kinds(await start(ports, ...batch))).toEqual(["m-1 started", "m-2 started"]);
    expect(ports.started).toHaveLength(2);
  });

  it("succeeds where an execution of that name ended before the table knew (ExecutionAlreadyExists)", async () => {
    const ports = testPorts();
    const exists = { ...ports, executions: { ...ports.executions, start: async () => "exists" as const } };
    expect(kinds(await startBatch(exists, agent, "machine", [invoice("m-1", "A")]))).toEqual(["m-1 started"]);
  });

  it("fails for those alone whose start failed", async () => {
    const ports = testPorts();
    const throttled = Object.assign(new Error("slow down"), { name: "ThrottlingException" });
    let calls = 0;
    const flaky = {
      ...ports,
      executions: {
        ...ports.executions,
        start: async (request: Parameters<typeof ports.executions.start>[0]) => {
          calls += 1;
          if (calls === 2) throw throttled;
          return ports.executions.start(request);
        },
      },
    };
    const batch = [invoice("m-1", "A"), invoice("m-2", "B"), invoice("m-3", "C")];
    const starts = await startBatch(flaky, agent, "machine", batch);
    expect(starts.filter(({ kind }) => kind === "failed")).toMatchObject([{ error: { name: ErrorClass.Throttled } }]);
    expect(ports.kept).toEqual([]);
    expect(kinds(await start(ports, ...batch))).toEqual(["m-1 started", "m-2 started", "m-3 started"]);
    expect(ports.started).toHaveLength(3);
  });
});

describe("an event that can never start a run", () => {
  const HIDDEN = "CH93-0076-2011";
  it.each([
    ["is no JSON", `${HIDDEN} {`, "event-not-json"],
    ["is empty", "", "event-not-json"],
    ["is no event", JSON.stringify({ iban: HIDDEN }), "event-malformed"],
    ["has no trigger", bodyOf({ invoiceId: HIDDEN }, { source: "crm" }), "event-without-trigger"],
    ["lacks what the agent needs", bodyOf({ total: 1 }), "input-invalid"],
    ["has a number out of range", bodyOf({ invoiceId: "A", total: -76_2011 }), "input-invalid"],
    ["has a value of another type", bodyOf({ invoiceId: [HIDDEN] }), "input-invalid"],
    ["has more than the agent takes", bodyOf({ invoiceId: "A", [`of ${HIDDEN}`]: 1 }), "input-invalid"],
  ])("because it %s is kept with the reason, which repeats nothing of it", async (_, body, code) => {
    const ports = testPorts();
    expect(kinds(await start(ports, message("m-1", body), invoice("m-2", "B")))).toEqual(["m-1 kept", "m-2 started"]);
    expect(ports.kept).toEqual([
      {
        agent: "desk",
        messageId: "m-1",
        body,
        reason: { name: ErrorClass.InvalidInput, code, message: expect.stringMatching(/./) },
      },
    ]);
    expect(ports.kept[0]?.reason.message).not.toMatch(/0076|762011/);
    expect(ports.started).toHaveLength(1);
  });

  it("comes again when it could not be kept", async () => {
    const ports = testPorts();
    const lost = { ...ports, deadLetters: { keep: () => Promise.reject(new Error("no queue")) } };
    const starts = await startBatch(lost, agent, "machine", [message("m-1", "?"), invoice("m-2", "B")]);
    expect(kinds(starts)).toEqual(["m-1 failed", "m-2 started"]);
  });
});

describe("the trace of whoever sent an event", () => {
  const trace = "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1";
  it.each([
    [trace, trace],
    [undefined, undefined],
    ["", undefined],
    ["x".repeat(257), undefined],
    ["Root=ü", undefined],
  ])("%s is that of the execution as %s", async (given, expected) => {
    const ports = testPorts();
    await start(ports, message("m-1", bodyOf({ invoiceId: "A" }), given));
    expect(ports.started[0]?.traceHeader).toBe(expected);
  });
});
