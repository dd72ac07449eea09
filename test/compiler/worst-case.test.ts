import { describe, expect, test } from "vitest";
import { type WorstCase, worstCase } from "../../lib/compiler/index.ts";
import { continueWith, defineAgent, eq, escalate, ladder, tier, ungated } from "../../lib/definition/index.ts";
import { about, Verdict } from "./agents/schemas.ts";
import { checked } from "./checked.ts";

const retry = { preset: "none", transport: { retries: 0 } } as const;
/** One attempt of 60 s, and nothing else. */
const once = {
  handler: "./run.ts",
  effect: "none",
  input: () => ({}),
  output: Verdict,
  retry,
  onFailure: "fail",
} as const;
const agent = defineAgent({ name: "agent", ...about });
const people = defineAgent({
  name: "agent",
  ...about,
  escalations: { desk: ladder([tier("desk", { within: "1h" })]) },
});

/** Attempts to ask one tier: the first, and twenty more; 45 s each, 2 + 4 + … + 256 and twelve times 300 s between. */
/** What was decided before an end is kept, at the latest at the sixth attempt. */
const KEPT = { transitions: 6, seconds: 6 * 45 + 62 };
const ASKING = { attempts: 21, seconds: 21 * 45 + 510 + 12 * 300 };
/** The first, and the retries of transport, throttling, transient failures and invalid output. */
const STANDARD_ATTEMPTS = 1 + 6 + 6 + 3 + 1;
const PATIENT_ATTEMPTS = 1 + 6 + 12 + 8 + 1;
/** A write of 60 s outwaits a lease of 65: 5 + 10 + 20 + 40 s. */
const BUSY_RETRIES = 4;

function figures(declared: Parameters<typeof checked>[0]): Omit<WorstCase, "usd"> {
  const { usd: _, ...rest } = worstCase(checked(declared));
  return rest;
}

describe("counted by hand", () => {
  test("one step, tried once: its transition, and that of the end", () => {
    expect(figures(agent.step("a", once))).toEqual({
      transitions: 2,
      invocations: 1,
      attempts: 1,
      wallClockSeconds: 60 + 15,
      // Started, succeeded; entered, scheduled, started, failed, exited; entered, exited.
      historyEvents: 2 + 5 + 2,
    });
  });

  test("every retry is a transition, an invocation, three events and its delay", () => {
    const transient = { retries: 3, interval: "10s", maxDelay: "25s" };
    expect(figures(agent.step("a", { ...once, retry: { ...retry, transient } }))).toEqual({
      transitions: 5,
      invocations: 4,
      attempts: 4,
      wallClockSeconds: 4 * 75 + 10 + 20 + 25,
      historyEvents: 2 + 2 + 4 * 3 + 2,
    });
  });

  test("a policy that is not declared is the standard one", () => {
    const { retry: _, ...standard } = once;
    expect(figures(agent.step("a", standard)).attempts).toBe(STANDARD_ATTEMPTS);
  });

  test("a failed step asks people once, and is tried once more", () => {
    expect(figures(people.step("a", { ...once, onFailure: escalate("desk") }))).toEqual({
      // Asked, and its time ended: a Task each, and a Choice.
      transitions: 1 + 2 * ASKING.attempts + 1 + 1 + 1,
      invocations: 1 + 2 * ASKING.attempts + 1,
      attempts: ASKING.attempts,
      wallClockSeconds: 75 + 2 * ASKING.seconds + 3_600 + 75,
      historyEvents: 2 + 5 + (2 + 3 * ASKING.attempts + 1) + (2 + 3 * ASKING.attempts) + 2 + 5 + 2,
    });
  });

  test("an approval asks once; a rejection that goes to a ladder asks there, and again", () => {
    const asked = { transitions: 1 + 2 * ASKING.attempts + 1, seconds: 2 * ASKING.seconds + 3_600 };
    const approval = { ladder: "desk", request: () => ({}) };
    expect(figures(people.approval("ok", approval))).toMatchObject({
      transitions: asked.transitions + 1,
      wallClockSeconds: asked.seconds,
    });
    expect(figures(people.approval("ok", { ...approval, onReject: escalate("desk") }))).toMatchObject({
      transitions: asked.transitions * 2 + (2 * ASKING.attempts + 1) + 1,
      wallClockSeconds: asked.seconds * 3,
    });
  });

  test("a choice takes its costliest branch", () => {
    const chosen = agent.choose("c", {
      branches: [
        { name: "long", when: ($) => eq($.input.id, "a"), steps: (flow) => flow.step("a", once).step("b", once) },
      ],
      otherwise: (flow) => flow.wait("w", { for: "10s" }),
    });
    expect(figures(chosen)).toMatchObject({
      transitions: 1 + 2 + KEPT.transitions + 1,
      wallClockSeconds: 150 + KEPT.seconds,
    });
  });

  test("branches at the same time add up in everything but time", () => {
    const both = agent.parallel("p", {
      a: (flow) => flow.step("a", once).step("b", once),
      c: (flow) => flow.step("c", once),
    });
    expect(figures(both)).toEqual({
      transitions: 1 + (2 + 1) + (1 + 1) + 1,
      invocations: 3,
      attempts: 1,
      wallClockSeconds: 150,
      historyEvents: 2 + 4 + (2 * 5 + 2) + (5 + 2) + 2,
    });
  });

  test("items take as many rounds as their number and concurrency make", () => {
    const each = agent.each("e", {
      items: ($) => $.input.lines,
      as: "line",
      concurrency: 2,
      steps: (line) => line.step("a", once),
    });
    expect(figures(each)).toEqual({
      transitions: 1 + 3 * 2 + 1,
      invocations: 3,
      attempts: 1,
      wallClockSeconds: 2 * 75,
      historyEvents: 2 + 4 + 3 * (2 + 5 + 2) + 2,
    });
  });

  test("a subflow takes its own time; what its run costs is counted there", () => {
    const child = { agent: "child", input: () => ({}), output: Verdict, timeout: "1h", onFailure: "fail" } as const;
    const attempts = 1 + 6 + 6 + 3;
    expect(figures(agent.subflow("s", child))).toEqual({
      transitions: attempts + 1 + 1,
      invocations: attempts,
      attempts,
      wallClockSeconds: attempts * 45 + 122 + 122 + (1 + 2 + 4) + 3_600,
      historyEvents: 2 + (2 + 3 * attempts) + 6 + 2,
    });
  });

  test("what can be undone is undone, once for each item", () => {
    const write = { ...once, effect: "write", gate: ungated("Only in tests."), compensate: "./undo.ts" } as const;
    const undo = PATIENT_ATTEMPTS + BUSY_RETRIES + 1;
    const around = PATIENT_ATTEMPTS + BUSY_RETRIES + 1 + 1;
    const alone = figures(agent.step("a", write));
    expect(alone.transitions).toBe(1 + BUSY_RETRIES + 1 + undo + around);
    const inEach = agent.each("e", { items: ($) => $.input.lines, as: "line", steps: (line) => line.step("a", write) });
    expect(figures(inEach).transitions).toBe(1 + 3 * (1 + BUSY_RETRIES + 1) + 1 + 3 * undo + around);
  });
});

test("money: transitions, requests, compute, writes and a read, and the budget", () => {
  const each = 0.025 / 1_000 + 0.2 / 1e6 + 0.5 * 60 * 0.0000133334 + (2 * 0.625) / 1e6 + 0.125 / 1e6;
  expect(worstCase(checked(agent.step("a", once))).usd).toBeCloseTo(each + 0.025 / 1_000, 12);
  const budget = defineAgent({ name: "agent", ...about, budget: { usd: 2 } });
  expect(worstCase(checked(budget.step("a", once))).usd).toBeCloseTo(2 + each + 0.025 / 1_000, 12);
});

test("no run takes longer than its budget or than AWS lets it", () => {
  const budget = defineAgent({ name: "agent", ...about, budget: { wallClock: "30s" } });
  expect(figures(budget.step("a", once)).wallClockSeconds).toBe(60);
  expect(figures(agent.wait("a", { for: "300d" }).wait("b", { for: "300d" })).wallClockSeconds).toBe(365 * 86_400);
});

test("a stand-in or an end costs a transition, and keeping what was decided", () => {
  const standIn = continueWith({ ok: true, reason: null });
  expect(figures(agent.step("a", { ...once, onFailure: standIn })).transitions).toBe(2 + KEPT.transitions);
});
