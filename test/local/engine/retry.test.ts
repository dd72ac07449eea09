import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lib/contract/index.ts";
import type { HistoryEvent } from "../../../lib/local/engine/index.ts";
import { machine, pass, region, task } from "./machines.ts";
import { runMachine, type ScriptedOutcome, scriptedTasks } from "./run-machine.ts";

const failure = (error: string): ScriptedOutcome => ({ error, cause: "as scripted" });
const failures = (count: number, error = "Busy") => Array.from({ length: count }, () => failure(error));

async function run(
  retry: readonly JsonObject[],
  outcomes: readonly ScriptedOutcome[],
  rest: JsonObject = {},
  seed = "seed",
) {
  const definition = machine({ Work: task({ Retry: retry, End: true, ...rest }) });
  return runMachine(definition, { tasks: scriptedTasks({ Work: outcomes }), seed });
}

/** Seconds between one attempt's failure and the next attempt. */
function delays(history: readonly HistoryEvent[]): number[] {
  const times = history.filter(({ type }) => type === "TaskScheduled").map(({ timestamp }) => timestamp.getTime());
  return times.slice(1).map((time, index) => (time - (times[index] ?? 0)) / 1000);
}

describe("Retry", () => {
  it("waits 1, 2 and 4 seconds where nothing else is said, and gives up after three retries", async () => {
    const { execution, history } = await run([{ ErrorEquals: ["Busy"] }], failures(9));
    expect(delays(history)).toEqual([1, 2, 4]);
    expect(execution).toMatchObject({ status: "FAILED", error: "Busy", cause: "as scripted" });
  });

  it("multiplies IntervalSeconds by BackoffRate up to MaxDelaySeconds", async () => {
    const retrier = {
      ErrorEquals: ["Busy"],
      IntervalSeconds: 3,
      BackoffRate: 1.5,
      MaxAttempts: 6,
      MaxDelaySeconds: 10,
    };
    const { history } = await run([retrier], failures(9));
    expect(delays(history)).toEqual([3, 4.5, 6.75, 10, 10, 10]);
  });

  it("draws full jitter from nothing to the whole delay, the same for the same seed", async () => {
    const retrier = {
      ErrorEquals: ["Busy"],
      IntervalSeconds: 8,
      BackoffRate: 1,
      MaxAttempts: 50,
      JitterStrategy: "FULL",
    };
    const [first, second, other] = await Promise.all(
      ["a", "a", "b"].map(async (seed) => delays((await run([retrier], failures(60), {}, seed)).history)),
    );
    expect(first).toEqual(second);
    expect(first).not.toEqual(other);
    expect(Math.min(...(first ?? []))).toBeLessThan(1);
    expect(Math.max(...(first ?? []))).toBeGreaterThan(7);
    expect(Math.max(...(first ?? []))).toBeLessThanOrEqual(8);
  });

  it("counts for each retrier by itself", async () => {
    const retriers = [
      { ErrorEquals: ["Busy"], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 2 },
      { ErrorEquals: ["States.ALL"], IntervalSeconds: 5, BackoffRate: 1, MaxAttempts: 1 },
    ];
    const outcomes = [failure("Busy"), failure("Odd"), failure("Busy"), failure("Busy"), failure("Busy")];
    const { execution, history } = await run(retriers, outcomes);
    expect(delays(history)).toEqual([1, 5, 1]);
    expect(execution.error).toBe("Busy");
  });

  it("starts afresh on the next visit to the state", async () => {
    const definition = machine({
      Work: task({
        Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }],
        Assign: { visits: "{% ($exists($visits) ? $visits : 0) + 1 %}" },
        Next: "Again",
      }),
      Again: { Type: "Choice", Choices: [{ Condition: "{% $visits < 2 %}", Next: "Work" }], Default: "Done" },
      Done: { Type: "Succeed" },
    });
    const success: ScriptedOutcome = { result: "done" };
    const tasks = scriptedTasks({ Work: [failure("Busy"), success, failure("Busy"), success] });
    const { execution, history } = await runMachine(definition, { tasks });
    expect(execution.status).toBe("SUCCEEDED");
    expect(delays(history)).toEqual([1, 0, 1]);
  });

  it("says in the context how often it has retried", async () => {
    const definition = machine({
      Work: task({ Retry: [{ ErrorEquals: ["Busy"] }], Output: "{% $states.context.State.RetryCount %}", End: true }),
    });
    const { execution } = await runMachine(definition, {
      tasks: scriptedTasks({ Work: [...failures(2), { result: 1 }] }),
    });
    expect(execution.output).toBe(2);
  });

  it("runs all of a Parallel again", async () => {
    const definition = machine({
      Both: {
        Type: "Parallel",
        Branches: [region({ Work: task() }), region({ Other: pass("other") })],
        Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 7 }],
        End: true,
      },
    });
    const { execution, history } = await runMachine(definition, {
      tasks: scriptedTasks({ Work: [failure("Busy"), { result: "done" }] }),
    });
    expect(execution.output).toEqual(["done", "other"]);
    expect(history.filter(({ type }) => type === "ParallelStateStarted")).toHaveLength(2);
    expect(delays(history)).toEqual([7]);
  });
});

describe("the names that Retry and Catch match", () => {
  const caught = async (errors: readonly string[], error: string) => {
    const definition = machine({
      Work: task({ Catch: [{ ErrorEquals: errors, Next: "Caught" }], End: true }),
      Caught: pass("caught"),
    });
    const { execution } = await runMachine(definition, { tasks: scriptedTasks({ Work: [failure(error)] }) });
    return execution.output === "caught";
  };

  it.each([
    ["States.ALL", "Anything", true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.QueryEvaluationError", true],
    ["States.ALL", "States.DataLimitExceeded", false],
    ["States.ALL", "States.Runtime", false],
    ["States.Runtime", "States.Runtime", false],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
    ["States.TaskFailed", "Anything", true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.Timeout", "States.HeartbeatTimeout", true],
    ["Anything", "anything", false],
  ])("%s for %s: %s", async (name, error, expected) => {
    expect(await caught([name], error)).toBe(expected);
  });
});
