import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lib/contract/index.ts";
import { createEngine, type Engine, lambdaTasks } from "../../../lib/local/engine/index.ts";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import { type VirtualClock, virtualClock } from "../../../lib/local/virtual-clock.ts";
import { machine, waitForToken } from "./machines.ts";

interface Waiting {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly arn: string;
  /** Tokens handed out so far. */
  readonly tokens: readonly string[];
  /** Lets time pass until somebody holds it again. */
  readonly release: () => void;
}

async function waiting(rest: JsonObject): Promise<Waiting> {
  const clock = virtualClock();
  const tokens: string[] = [];
  const engine = createEngine({
    clock,
    chance: seededChance("tokens"),
    tasks: lambdaTasks(() => (payload) => {
      tokens.push((payload as { token: string }).token);
      return null;
    }),
  });
  const release = clock.hold();
  const definition = machine({ Ask: waitForToken({ End: true, ...rest }) });
  const { executionArn: arn } = await engine.startExecution({ machine: { name: "asks", definition }, input: {} });
  await engine.settled(arn);
  return { engine, clock, arn, tokens, release };
}

const types = async ({ engine, arn }: Waiting) => (await engine.getHistory(arn)).map(({ type }) => type);
const refused = (code: string) => expect.objectContaining({ name: "ServiceError", code });

describe("a task that waits for its token", () => {
  it("ends with the output that is sent", async () => {
    const run = await waiting({});
    await run.engine.sendTaskSuccess(run.tokens[0] ?? "", { approved: true });
    expect(await run.engine.describeExecution(run.arn)).toMatchObject({
      status: "SUCCEEDED",
      output: { approved: true },
    });
    expect(await types(run)).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("fails with the error that is sent", async () => {
    const run = await waiting({});
    await run.engine.sendTaskFailure(run.tokens[0] ?? "", { error: "Rejected", cause: "too dear" });
    expect(await run.engine.describeExecution(run.arn)).toMatchObject({
      status: "FAILED",
      error: "Rejected",
      cause: "too dear",
    });
  });

  it("says that it waits for the token; a limit on that is not waited for", async () => {
    const run = await waiting({ TimeoutSeconds: 60 });
    expect(await run.engine.settled(run.arn)).toEqual({
      status: "RUNNING",
      waitingFor: [{ kind: "token", stateName: "Ask", token: run.tokens[0] }],
    });
  });

  it("times out, and is tried again with a new token; the old one is refused", async () => {
    const run = await waiting({ TimeoutSeconds: 60, Retry: [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 1 }] });
    run.release();
    const closed = await run.engine.closed(run.arn);
    expect(closed).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(closed.stopDate?.getTime()).toBe(closed.startDate.getTime() + 121_000);
    expect(new Set(run.tokens).size).toBe(2);
    for (const token of run.tokens)
      await expect(run.engine.sendTaskSuccess(token, {})).rejects.toEqual(refused("TaskTimedOut"));
    expect((await types(run)).filter((type) => type === "TaskTimedOut")).toHaveLength(2);
  });

  it("misses a heartbeat", async () => {
    const run = await waiting({ TimeoutSeconds: 60, HeartbeatSeconds: 10 });
    run.release();
    const closed = await run.engine.closed(run.arn);
    expect(closed).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
    expect(closed.stopDate?.getTime()).toBe(closed.startDate.getTime() + 10_000);
  });

  it("lives on heartbeats until its time-out, without a trace in history", async () => {
    const run = await waiting({ TimeoutSeconds: 60, HeartbeatSeconds: 10 });
    const beat = () => {
      run.clock.at(run.clock.now() + 9_000, () => {
        run.engine.sendTaskHeartbeat(run.tokens[0] ?? "").then(beat, () => undefined);
      });
    };
    beat();
    run.release();
    const closed = await run.engine.closed(run.arn);
    expect(closed.error).toBe("States.Timeout");
    expect(closed.stopDate?.getTime()).toBe(closed.startDate.getTime() + 60_000);
    expect(await types(run)).toHaveLength(7);
  });

  it("may be answered before its call has returned", async () => {
    const engine: Engine = createEngine({
      clock: virtualClock(),
      chance: seededChance("early"),
      tasks: lambdaTasks(() => async (payload) => {
        await engine.sendTaskSuccess((payload as { token: string }).token, "early");
        return null;
      }),
    });
    const definition = machine({ Ask: waitForToken() });
    const { executionArn } = await engine.startExecution({ machine: { name: "asks", definition }, input: {} });
    expect(await engine.closed(executionArn)).toMatchObject({ status: "SUCCEEDED", output: "early" });
  });
});

describe("an answer is refused", () => {
  it("the second time, also when both are sent at once", async () => {
    const run = await waiting({});
    const [token = ""] = run.tokens;
    const answers = await Promise.allSettled([
      run.engine.sendTaskSuccess(token, 1),
      run.engine.sendTaskFailure(token, { error: "Late" }),
    ]);
    expect(answers).toEqual([
      { status: "fulfilled", value: undefined },
      { status: "rejected", reason: refused("TaskTimedOut") },
    ]);
    await expect(run.engine.sendTaskHeartbeat(token)).rejects.toEqual(refused("TaskTimedOut"));
    expect(await run.engine.describeExecution(run.arn)).toMatchObject({ status: "SUCCEEDED", output: 1 });
  });

  it("with what is no token", async () => {
    const { engine } = await waiting({});
    await expect(engine.sendTaskSuccess("nonsense", {})).rejects.toEqual(refused("InvalidToken"));
  });

  it("with a token of an execution that never was", async () => {
    const { engine, tokens } = await waiting({});
    const [arn, secret] = JSON.parse(Buffer.from(tokens[0] ?? "", "base64url").toString());
    const other = Buffer.from(JSON.stringify([`${arn}-other`, secret])).toString("base64url");
    await expect(engine.sendTaskSuccess(other, {})).rejects.toEqual(refused("TaskDoesNotExist"));
  });

  it("with a guessed secret", async () => {
    const { engine, tokens } = await waiting({});
    const [arn] = JSON.parse(Buffer.from(tokens[0] ?? "", "base64url").toString());
    const forged = Buffer.from(JSON.stringify([arn, "guess"])).toString("base64url");
    await expect(engine.sendTaskSuccess(forged, {})).rejects.toEqual(refused("TaskTimedOut"));
  });

  it("with an output of more than 256 KiB, and the task still waits", async () => {
    const { engine, tokens } = await waiting({});
    const [token = ""] = tokens;
    await expect(engine.sendTaskSuccess(token, "x".repeat(262_145))).rejects.toEqual(refused("InvalidOutput"));
    await expect(engine.sendTaskSuccess(token, "small")).resolves.toBeUndefined();
  });
});
