import { beforeEach, describe, expect, test } from "vitest";
import { ErrorClass, escalationKey, Ledger, peopleKey, RUN, runKey, Table } from "../../lib/contract/index.ts";
import type { Execution, Measurement } from "../../lib/ports/index.ts";
import { measureEnd, measureOpen, openRun, reconcileRun } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";

const runId = (number: number, agent = "desk") => `${agent}-${String(number).padStart(32, "0")}`;
const HOUR_MS = 3_600_000;

let ports = testPorts();
let recorded: Measurement[] = [];
beforeEach(() => {
  ports = testPorts();
  recorded = [];
});
const measuring = () => ({
  ...ports,
  metrics: { record: (measurement: Measurement) => void recorded.push(measurement) },
});
const values = () => recorded.reduce((all, each) => Object.assign(all, each.values), {});

/** An escalation that is asked now, and has so long. */
const ask = (id: string, { agent = "desk", audience = "team", hours = 4 } = {}) =>
  ports.store.put({
    pk: peopleKey(runId(1)),
    sk: escalationKey(id),
    id,
    agent,
    audience,
    incident: "{}",
    status: "open",
    openedAt: new Date(ports.clock.now()).toISOString(),
    deadline: new Date(ports.clock.now() + hours * HOUR_MS).toISOString(),
    [Table.askedIndex.partitionKey]: audience,
  });

describe("what is open", () => {
  const sweep = { name: "desk", stateMachine: "arn" };

  test("is counted: runs that run or wait, and the age of the oldest", async () => {
    await openRun(ports, runId(1), {});
    ports.clock.advance(HOUR_MS);
    await openRun(ports, runId(2), {});
    await openRun(ports, runId(3), {});
    await openRun(ports, runId(4, "other"), {});
    await reconcileRun(ports, { name: runId(3), status: "SUCCEEDED" });
    ports.clock.advance(1_000);
    await measureOpen(measuring(), sweep);
    expect(recorded).toEqual([{ agent: "desk", values: { runsOpen: 2, oldestRunAge: 3_601 } }]);
  });

  test("is zero where nothing is open, so that a sweep is seen to have looked", async () => {
    await measureOpen(measuring(), { ...sweep, audiences: ["team"] });
    expect(values()).toEqual({
      runsOpen: 0,
      oldestRunAge: 0,
      escalationsOpen: 0,
      oldestEscalationAge: 0,
      escalationTimeUsed: 0,
    });
  });

  test("is counted of escalations, too: how many, how old, and how much of its time the most urgent has used", async () => {
    await ask("slow", { hours: 24 });
    ports.clock.advance(2 * HOUR_MS);
    await ask("urgent", { audience: "lead", hours: 4 });
    await ask("of another agent", { agent: "other", hours: 1 });
    ports.clock.advance(3 * HOUR_MS);
    await measureOpen(measuring(), { ...sweep, audiences: ["team", "lead"] });
    expect(values()).toMatchObject({ escalationsOpen: 2, oldestEscalationAge: 5 * 3_600, escalationTimeUsed: 75 });
  });

  test("leaves escalations out whose time is up: the next tier is asked, or nobody", async () => {
    await ask("late", { hours: 1 });
    ports.clock.advance(HOUR_MS);
    await measureOpen(measuring(), { ...sweep, audiences: ["team"] });
    expect(values()).toMatchObject({ escalationsOpen: 0 });
  });
});

describe("a run that has ended", () => {
  const end = (execution: Partial<Execution> = {}) =>
    measureEnd(measuring(), { name: runId(1), status: "SUCCEEDED", ...execution });
  const spend = async (attributes: Record<string, number>) => {
    await openRun(ports, runId(1), {}, { budget: { usd: 1, tokens: 1_000 } });
    await ports.store.update({ pk: runKey(runId(1)), sk: RUN }, { set: attributes }, { kind: "matches" });
  };

  test.each([
    ["completed", { status: "SUCCEEDED" }],
    ["abandoned", { status: "FAILED", error: ErrorClass.Abandoned }],
    ["failed", { status: "FAILED", error: ErrorClass.Permanent }],
    ["failed", { status: "TIMED_OUT" }],
    ["failed", { status: "ABORTED" }],
  ] as const)("counts as %s where its execution is %j", async (outcome, execution) => {
    await end(execution);
    expect(recorded).toEqual([{ agent: "desk", outcome, values: { runsEnded: 1 } }]);
  });

  test("tells the money that it spent, and the share of whichever limit is nearer", async () => {
    const { microUsdSpent, microUsdLeft, tokensSpent, tokensLeft } = Ledger;
    await spend({ [microUsdSpent]: 250_000, [microUsdLeft]: 750_000, [tokensSpent]: 900, [tokensLeft]: 100 });
    await end();
    expect(values()).toEqual({ runsEnded: 1, usdSpent: 0.25, budgetUsed: 90 });
  });

  test("tells that it spent nothing", async () => {
    await spend({});
    await end();
    expect(values()).toEqual({ runsEnded: 1, usdSpent: 0, budgetUsed: 0 });
  });

  test("is measured once it has ended, not before", async () => {
    await end({ status: "RUNNING" });
    await end({ status: "PENDING_REDRIVE" });
    expect(recorded).toEqual([]);
  });
});
