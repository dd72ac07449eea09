import { describe, expect, it, test } from "vitest";
import { type Decided, ErrorClass, HoldfastError, RUN, runKey, type StepEvent } from "../../lib/contract/index.ts";
import type { Item } from "../../lib/ports/index.ts";
import {
  decisions,
  openRun,
  planCompensation,
  readRecord,
  reconcileRun,
  recordDecisions,
  reportedError,
  runStep,
} from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";
import { counted, eventOf, step } from "./steps.ts";

const RETRIES = { [ErrorClass.Transient]: 1, [ErrorClass.StepBusy]: 3 };
const failing = (error: unknown) => async () => Promise.reject(error);
const entered = "2026-01-01T00:00:00.000Z";
const way: Decided = {
  kind: "choice",
  step: "decide",
  path: "decide",
  at: entered,
  options: ["clean", "otherwise"],
  chosen: "clean",
  by: ["pay", "input"],
};

/** A run with ports of its own, and what is told of it. */
function opened() {
  const ports = testPorts();
  const event: StepEvent = eventOf({ entered });
  const told = async () => {
    const record = await readRecord(ports, event.runId);
    if (record === undefined) throw new RangeError("There is no record.");
    return record;
  };
  const fail = (attempt: number, error: unknown, more: Partial<StepEvent> = {}) =>
    runStep(ports, step({ name: more.path ?? "pay", effect: "read", retries: RETRIES }), failing(error), {
      ...event,
      ...more,
      attempt,
    }).catch(() => ports.clock.advance(1_000));
  const succeed = (attempt: number, more: Partial<StepEvent> = {}) =>
    runStep(ports, step({ name: more.path ?? "pay", effect: "read" }), counted().run, { ...event, ...more, attempt });
  return { ports, event, told, fail, succeed, open: () => openRun(ports, event.runId, {}) };
}

const transient = (message = "down") => new HoldfastError(ErrorClass.Transient, "away", message);
const short = ({ kind, rule, chosen, reason }: ReturnType<typeof decisions>[number]) =>
  `${kind} ${chosen} (${rule}, ${reason?.code ?? "-"})`;

describe("the record of a run", () => {
  it("is not there where there is no run", async () => {
    expect(await readRecord(testPorts(), "desk-none")).toBeUndefined();
  });

  it("tells of each attempt that failed what followed, as declared until it is seen", async () => {
    const { open, fail, told, succeed } = opened();
    await open();
    await fail(1, transient());
    expect((await told()).decisions.map(short)).toEqual(["retry retry (attempt 1, away)"]);
    await fail(2, transient());
    expect((await told()).failures.map(({ attempt, next }) => [attempt, next])).toEqual([
      [1, "retry"],
      [2, "given-up"],
    ]);
    expect((await told()).decisions.map(short)).toEqual([
      "retry retry (attempt 1, away)",
      "failure give up (attempt 2, away)",
    ]);
    await succeed(3);
    expect((await told()).decisions.map(short)).toEqual([
      "retry retry (attempt 1, away)",
      "retry retry (attempt 2, away)",
    ]);
  });

  it("knows attempts that ended without a word by the numbers of the others", async () => {
    const { open, fail, told, succeed } = opened();
    await open();
    await fail(2, transient());
    await succeed(4);
    expect((await told()).decisions.map(short)).toEqual([
      "retry retry (attempt 1, attempt-lost)",
      "retry retry (attempt 2, away)",
      "retry retry (attempt 3, attempt-lost)",
    ]);
  });

  it("knows that an answer was lost by who comes for it again", async () => {
    const { open, told, succeed } = opened();
    await open();
    await succeed(1);
    await succeed(2);
    expect((await told()).decisions.map(short)).toEqual(["retry retry (attempt 1, attempt-lost)"]);
    expect((await told()).steps).toMatchObject([{ path: "pay", status: "committed", attempt: 1 }]);
  });

  it("counts from one each time the state is entered", async () => {
    const { open, fail, told } = opened();
    await open();
    await fail(1, transient());
    await fail(1, transient(), { entered: "2026-01-01T01:00:00.000Z" });
    expect((await told()).failures.map(({ next }) => next)).toEqual(["retry", "retry"]);
  });

  it("keeps no secret of an error, and no more than 500 characters", async () => {
    const { open, fail, told } = opened();
    await open();
    await fail(1, transient(`key AKIAIOSFODNN7EXAMPLE ${"long ".repeat(200)}`));
    const [failure] = (await told()).failures;
    expect(failure?.message).not.toContain("AKIAIOSFODNN7EXAMPLE");
    expect(failure?.message).toHaveLength(500);
  });

  it("tells the branch that was taken, by what, and what was skipped, once", async () => {
    const { open, fail, told, succeed } = opened();
    await open();
    await fail(1, transient(), { path: "notify", decided: [way] });
    await succeed(1);
    await succeed(2, { path: "notify", decided: [way] });
    const [choice] = (await told()).decisions.filter(({ kind }) => kind === "choice");
    expect(choice).toEqual({
      at: entered,
      kind: "choice",
      step: "decide",
      path: "decide",
      options: ["clean", "otherwise"],
      chosen: "clean",
      rule: "branch 1 of 2",
      by: null,
      evidence: ["STEP#pay#1", RUN],
      reason: null,
    });
    expect((await told()).decisions.filter(({ kind }) => kind === "choice")).toHaveLength(1);
  });

  it("tells what was found out about a write that nobody had written down", async () => {
    const { ports, event, open, told } = opened();
    await open();
    const act =
      (reconcile: "done" | "absent" | "unknown") =>
      async (_: unknown, context: Parameters<Parameters<typeof runStep>[2]>[1]) =>
        context.action("charge", async () => ({ paid: 3 }), {
          reconcile: async () =>
            reconcile === "done" ? { outcome: "done", result: { paid: 3 } } : { outcome: reconcile },
        });
    const key = { pk: runKey(event.runId), sk: "ACTION#pay#1#charge" };
    await ports.store.put({ ...key, status: "intent", attempt: "gone" });
    await runStep(ports, step(), act("unknown"), event).catch(() => undefined);
    await runStep(ports, step(), act("absent"), { ...event, attempt: 2 });
    const found = (await told()).decisions.filter(({ kind }) => kind === "reconcile");
    expect(found.map(({ chosen, path }) => `${path} ${chosen}`).sort()).toEqual(["pay absent", "pay unknown"]);
    expect((await told()).actions).toMatchObject([{ path: "pay", key: "charge", status: "done" }]);
  });

  it("tells what a run was given up for, and what was undone", async () => {
    const { ports, event, open, told, succeed } = opened();
    await open();
    await succeed(1);
    const incident = { step: "notify", path: "notify", error: ErrorClass.Permanent, attempts: 1, entered };
    await planCompensation(ports, { runId: event.runId, steps: ["pay"], lasting: [], incident, decided: [way] });
    await reconcileRun(ports, {
      name: event.runId,
      status: "FAILED",
      error: ErrorClass.Abandoned,
      cause: JSON.stringify({ ...incident, cause: "away: The ledger is closed." }),
    });
    const record = await told();
    expect(record.error).toMatchObject({ class: ErrorClass.Permanent, code: "away", step: "notify", attempts: 1 });
    expect(record.decisions.map(short)).toEqual([
      "choice clean (branch 1 of 2, -)",
      "failure give up (attempt 1, away)",
      "compensation nothing undone (completed writes, last one first, given-up)",
      "end abandoned (end of the state machine, away)",
    ]);
  });
});

test("an end without a function keeps what was decided before it, and closes the run; a repeat changes nothing", async () => {
  const { ports, event, open, told } = opened();
  await open();
  const request = { runId: event.runId, path: "end", at: entered, decided: [way], final: true };
  await recordDecisions(ports, request);
  const first = await ports.store.query(runKey(event.runId), "");
  await recordDecisions(ports, request);
  expect(await ports.store.query(runKey(event.runId), "")).toEqual(first);
  expect((await told()).status).toBe("completed");
  expect((await told()).decisions.map(({ kind }) => kind)).toEqual(["choice", "end"]);
});

test("nothing decided leaves no item behind", async () => {
  const { ports, event } = opened();
  await recordDecisions(ports, { runId: event.runId, path: "end", at: entered, decided: [] });
  expect(await ports.store.query(runKey(event.runId), "")).toEqual([]);
});

test("items of before states told when they were entered are read as one entry", () => {
  const run: Item = { pk: "RUN#r", sk: RUN, agent: "desk", open: true, status: "running" };
  const old: Item = {
    pk: "RUN#r",
    sk: "STEP#pay#1",
    step: "pay",
    path: "pay",
    visit: 1,
    attempt: 2,
    status: "committed",
    committedAt: entered,
  };
  expect(decisions({ run, items: [run, old], people: [] }).map(short)).toEqual([
    "retry retry (attempt 1, attempt-lost)",
  ]);
});

test.each([
  ["of a failed run", ErrorClass.Permanent, "away: Closed."],
  ["of an abandoned run", ErrorClass.Abandoned, "away: Closed. (step pay; the run was abandoned)"],
])("the cause %s says where, and after how many attempts", (_, error, said) => {
  const cause = JSON.stringify({
    step: "pay",
    path: "pay",
    error: ErrorClass.Permanent,
    cause: "away: Closed.",
    attempts: 2,
    entered,
  });
  const { code, message, ...place } = reportedError(error, cause);
  expect(`${code}: ${message}`).toBe(said);
  expect(place).toEqual({ class: ErrorClass.Permanent, step: "pay", path: "pay", attempts: 2, entered });
});

test("a subflow that failed is told of without its input", () => {
  const child = {
    ExecutionArn: "arn:aws:states:::execution:holdfast-pay:pay-1",
    Input: '{"card":"4711"}',
    Error: ErrorClass.Permanent,
    Cause: "away: Closed.",
  };
  expect(reportedError("States.TaskFailed", JSON.stringify(child))).toEqual({
    class: "States.TaskFailed",
    code: "away",
    message: "Closed. (subflow pay-1)",
  });
});
