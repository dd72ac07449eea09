import { describe, expect, it } from "vitest";
import {
  ErrorClass,
  type Json,
  runKey,
  SCHEDULE_SOURCE,
  SCHEDULED_TIME,
  scheduleEvent,
} from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import { openSubflow, reconcileRun, startRun } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";

const agent: AgentEntry = {
  name: "desk",
  input: {
    type: "object",
    properties: { invoiceId: { type: "string", minLength: 1 } },
    required: ["invoiceId"],
  },
  triggers: [{ source: "erp", detailType: "Received", dedupeBy: "invoiceId" }],
  budget: {},
};
const event = (more: Record<string, Json> = {}) => ({
  id: "e-1",
  source: "erp",
  "detail-type": "Received",
  time: "2026-01-01T00:00:00Z",
  detail: { invoiceId: "A-1" },
  ...more,
});

describe("an event", () => {
  it("starts one run, under an id that its deduplication key gives", async () => {
    const ports = testPorts();
    const first = await startRun(ports, agent, "machine", event());
    const second = await startRun(ports, agent, "machine", event({ id: "e-2", time: "2026-02-02T00:00:00Z" }));
    expect(first).toEqual({ runId: expect.stringMatching(/^desk-[0-9a-f]{32}$/), isNew: true });
    expect(second).toEqual({ runId: first.runId, isNew: false });
    expect(ports.started).toHaveLength(1);
    expect(ports.started[0]).toMatchObject({
      name: first.runId,
      stateMachine: "machine",
      input: { input: { invoiceId: "A-1" } },
    });
  });

  it("with another key starts another run", async () => {
    const ports = testPorts();
    await startRun(ports, agent, "machine", event());
    await startRun(ports, agent, "machine", event({ detail: { invoiceId: "A-2" } }));
    expect(ports.started).toHaveLength(2);
  });

  it("starts the execution on a redelivery after a crash between RUN item and start", async () => {
    const ports = testPorts();
    const crashing = {
      ...ports,
      executions: { ...ports.executions, start: async () => Promise.reject(new Error("crash")) },
    };
    await expect(startRun(crashing, agent, "machine", event())).rejects.toThrow("crash");
    expect(await startRun(ports, agent, "machine", event())).toMatchObject({ isNew: false });
    expect(ports.started).toHaveLength(1);
  });

  it("of a run that is closed starts nothing", async () => {
    const ports = testPorts();
    const { runId } = await startRun(ports, agent, "machine", event());
    await reconcileRun(ports, { name: runId, status: "SUCCEEDED" });
    ports.started.length = 0;
    expect(await startRun(ports, agent, "machine", event())).toEqual({ runId, isNew: false });
    expect(ports.started).toEqual([]);
  });

  it.each<[string, Json, string]>([
    ["is not an object", "boo", "event-malformed"],
    ["is null", null, "event-malformed"],
    ["is a list", [], "event-malformed"],
    ["lacks an id", { source: "erp", "detail-type": "Received", detail: {} }, "event-malformed"],
    ["lacks a source", { id: "1", "detail-type": "Received", detail: {} }, "event-malformed"],
    ["lacks a detail-type", { id: "1", source: "erp", detail: {} }, "event-malformed"],
    ["lacks a detail", { id: "1", source: "erp", "detail-type": "Received" }, "event-malformed"],
    ["comes from elsewhere", event({ source: "crm" }), "event-without-trigger"],
    ["comes from a schedule that there is not", event({ source: "holdfast.schedule" }), "event-without-trigger"],
    ["is larger than an execution takes", event({ detail: { invoiceId: "x".repeat(262_144) } }), "event-too-large"],
    ["is nested too deep", event({ detail: { invoiceId: "A-1", deep: nested(50_000) } }), "event-malformed"],
    ["breaks the input's schema", event({ detail: {} }), "input-invalid"],
    ["has a value of the wrong type", event({ detail: { invoiceId: 7 } }), "input-invalid"],
  ])("that %s starts nothing and writes nothing", async (_, bad, code) => {
    const ports = testPorts();
    await expect(startRun(ports, agent, "machine", bad)).rejects.toMatchObject({ name: ErrorClass.InvalidInput, code });
    expect(ports.started).toEqual([]);
    expect(await ports.store.runs({ agent: "desk", status: "running", limit: 10 })).toEqual([]);
  });
});

/** Lists in lists. */
function nested(depth: number): Json {
  let value: Json = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

describe("the event of a schedule", () => {
  const scheduled: AgentEntry = {
    ...agent,
    triggers: ["nightly", "weekly"].map((name) => ({
      name,
      schedule: "rate(1 hour)",
      timezone: "UTC",
      input: { invoiceId: "A-1" },
    })),
  };
  const due = (time: Json, name = "nightly") =>
    event({ id: `attempt ${Math.random()}`, source: SCHEDULE_SOURCE, "detail-type": name, time });

  it("starts one run for each time that it was due, however often and in whatever words it is told", async () => {
    const ports = testPorts();
    const times = ["2026-01-31T06:00:00Z", "2026-01-31T06:00:00Z", "2026-01-31T07:00:00+01:00", "2026-01-31T07:00:00Z"];
    const runs = [];
    for (const time of times) runs.push(await startRun(ports, scheduled, "machine", due(time)));
    expect(runs.map(({ isNew }) => isNew)).toEqual([true, false, false, true]);
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(2);
    expect(ports.started[0]?.input).toMatchObject({
      input: { invoiceId: "A-1" },
      event: { source: SCHEDULE_SOURCE, time: "2026-01-31T06:00:00Z" },
    });
  });

  it("starts a run of its own beside another schedule that is due at the same time", async () => {
    const ports = testPorts();
    for (const name of ["nightly", "weekly"])
      await startRun(ports, scheduled, "machine", due("2026-01-31T06:00:00Z", name));
    expect(ports.started).toHaveLength(2);
  });

  it("is what EventBridge Scheduler is told to send, once the time and the names are filled in", async () => {
    const ports = testPorts();
    const told = JSON.stringify(scheduleEvent("nightly", { invoiceId: SCHEDULED_TIME }));
    const sent = told
      .replaceAll("<aws.scheduler.scheduled-time>", "2026-01-31T06:00:00Z")
      .replaceAll("<aws.scheduler.execution-id>", "e-1")
      .replaceAll(
        "<aws.scheduler.schedule-arn>",
        "arn:aws:scheduler:eu-west-1:111122223333:schedule/holdfast-desk/nightly",
      );
    expect(sent).not.toContain("<aws");
    expect(await startRun(ports, scheduled, "machine", JSON.parse(sent))).toMatchObject({ isNew: true });
    expect(ports.started[0]?.input).toMatchObject({ input: { invoiceId: "2026-01-31T06:00:00Z" } });
  });

  it.each([[null], [7], ["soon"], ["2026-01-31"], ["2026-13-31T06:00:00Z"], [SCHEDULED_TIME]])(
    "that is due at %j starts nothing",
    async (time) => {
      const ports = testPorts();
      await expect(startRun(ports, scheduled, "machine", due(time))).rejects.toMatchObject({ code: "event-malformed" });
      expect(ports.started).toEqual([]);
    },
  );
});

describe("a subflow", () => {
  it("opens its run once, and its input is validated first", async () => {
    const ports = testPorts();
    const from = { parentRunId: "parent-1", path: "each#0/sub", input: { invoiceId: "A-1" } };
    const first = await openSubflow(ports, agent, from);
    expect(await openSubflow(ports, agent, from)).toEqual(first);
    expect(first.executionInput).toEqual({
      input: { invoiceId: "A-1" },
      parent: { runId: "parent-1", path: "each#0/sub" },
    });
    await expect(openSubflow(ports, agent, { ...from, input: {} })).rejects.toMatchObject({ code: "input-invalid" });
    const forged = openSubflow(ports, agent, { ...from, input: { invoiceId: "A-2" } });
    await expect(forged).rejects.toMatchObject({ code: "subflow-differs" });
  });
});

describe("the end of an execution", () => {
  it("that failed after its last step had closed the run is the end that counts", async () => {
    const ports = testPorts();
    const { runId } = await startRun(ports, agent, "machine", event());
    await reconcileRun(ports, { name: runId, status: "SUCCEEDED" });
    await reconcileRun(ports, { name: runId, status: "FAILED" });
    await reconcileRun(ports, { name: runId, status: "SUCCEEDED" });
    expect(await ports.store.get({ pk: runKey(runId), sk: "RUN" })).toMatchObject({ status: "failed" });
  });

  it.each([
    ["SUCCEEDED", undefined, "completed"],
    ["FAILED", "Holdfast.Permanent", "failed"],
    ["FAILED", "Holdfast.Abandoned", "abandoned"],
    ["TIMED_OUT", undefined, "failed"],
    ["ABORTED", undefined, "failed"],
    ["RUNNING", undefined, "running"],
  ] as const)("%s %s leaves the run %s, and a later word changes nothing", async (status, error, expected) => {
    const ports = testPorts();
    const { runId } = await startRun(ports, agent, "machine", event());
    await reconcileRun(ports, { name: runId, status, ...(error === undefined ? {} : { error }) });
    await reconcileRun(ports, { name: runId, status: expected === "running" ? "RUNNING" : "SUCCEEDED" });
    expect(await ports.store.get({ pk: runKey(runId), sk: "RUN" })).toMatchObject({ status: expected });
  });
});
