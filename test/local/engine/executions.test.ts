import { MemoryLevel } from "memory-level";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../lib/contract/index.ts";
import {
  createEngine,
  type Engine,
  type EngineOptions,
  type ExecutionDescription,
  eventTasks,
  executionArnOf,
  firstOf,
  type JournalStore,
  lambdaTasks,
  stateMachineArnOf,
  type TaskInvocation,
} from "../../../lib/local/engine/index.ts";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import { virtualClock } from "../../../lib/local/virtual-clock.ts";
import { machine, pass, region, task, waitForToken } from "./machines.ts";

const echo = lambdaTasks(() => (payload) => payload);

const newEngine = (options: Partial<EngineOptions> = {}): Engine =>
  createEngine({ clock: virtualClock(), chance: seededChance("executions"), tasks: echo, ...options });

/** Something to wait for, and what lets the waiting end. */
function gateway() {
  const opened = new AbortController();
  const passed = new Promise<void>((resolve) => {
    opened.signal.addEventListener("abort", () => resolve());
  });
  return { passed, open: () => opened.abort() };
}

const named = (definition: JsonObject, name = "tested") => ({ name, definition });
const refused = (code: string) => expect.objectContaining({ name: "ServiceError", code });
const asks = named(machine({ Ask: waitForToken() }));

describe("StartExecution", () => {
  it("answers the same for the same name and input while the execution runs", async () => {
    const engine = newEngine();
    const request = { machine: asks, name: "one", input: { a: 1 } };
    const [first, second] = await Promise.all([engine.startExecution(request), engine.startExecution(request)]);
    expect(first.started).toBe(true);
    expect(second).toEqual({ ...first, started: false });
    expect(await engine.listExecutions()).toHaveLength(1);
  });

  it("refuses a name that runs with another input, or has closed", async () => {
    const engine = newEngine();
    const { executionArn } = await engine.startExecution({ machine: asks, name: "one", input: {} });
    const again = (input: Json) => engine.startExecution({ machine: asks, name: "one", input });
    await expect(again({ other: true })).rejects.toEqual(refused("ExecutionAlreadyExists"));
    await engine.stopExecution(executionArn);
    await expect(again({})).rejects.toEqual(refused("ExecutionAlreadyExists"));
  });

  it.each(["", "has space", "a/b", "a:b", "x".repeat(81), "tab\t", "what?"])("refuses the name %j", async (name) => {
    await expect(newEngine().startExecution({ machine: asks, name, input: {} })).rejects.toEqual(
      refused("InvalidName"),
    );
  });
});

describe("an execution", () => {
  it("is described and listed, latest first", async () => {
    const clock = virtualClock();
    const engine = newEngine({ clock });
    const start = async (name: string) => {
      await engine.startExecution({ machine: asks, name, input: { name } });
      await new Promise<void>((resolve) => clock.at(clock.now() + 1000, resolve));
    };
    await start("first");
    await start("second");
    await engine.stopExecution(executionArnOf("tested", "first"), { error: "Enough", cause: "of this" });
    expect(await engine.describeExecution(executionArnOf("tested", "first"))).toEqual({
      executionArn: executionArnOf("tested", "first"),
      stateMachineArn: stateMachineArnOf("tested"),
      name: "first",
      status: "ABORTED",
      startDate: new Date(clock.now() - 2000),
      stopDate: new Date(clock.now()),
      input: { name: "first" },
      error: "Enough",
      cause: "of this",
      redriveCount: 0,
    });
    expect((await engine.listExecutions()).map(({ name }) => name)).toEqual(["second", "first"]);
    expect((await engine.listExecutions({ status: "RUNNING" })).map(({ name }) => name)).toEqual(["second"]);
    expect(await engine.listExecutions({ stateMachineArn: stateMachineArnOf("other") })).toEqual([]);
    await expect(engine.describeExecution("arn:none")).rejects.toEqual(refused("ExecutionDoesNotExist"));
  });

  it("tells of its start and its close, and of every event", async () => {
    const changes: ExecutionDescription[] = [];
    const engine = newEngine({ onStatusChange: (change) => changes.push(change) });
    const told: string[] = [];
    const end = engine.subscribe(({ event }) => told.push(event.type));
    const { executionArn } = await engine.startExecution({ machine: named(machine({ Work: task() })), input: {} });
    await engine.closed(executionArn);
    end();
    expect(changes.map(({ status }) => status)).toEqual(["RUNNING", "SUCCEEDED"]);
    expect(told).toEqual((await engine.getHistory(executionArn)).map(({ type }) => type));
  });

  it("that is stopped while its start is being written is told of in order, once each is durable", async () => {
    const changes: string[] = [];
    const level = new MemoryLevel<string, string>();
    const gate = gateway();
    const writing = gateway();
    const store: JournalStore = {
      get: (key) => level.get(key),
      values: (range) => level.values(range),
      async batch(operations, options) {
        writing.open();
        await gate.passed;
        await level.batch([...operations], options);
      },
    };
    const engine = newEngine({ store, onStatusChange: ({ status }) => changes.push(status) });
    const started = engine.startExecution({ machine: asks, name: "brief", input: {} });
    await writing.passed;
    const stopped = engine.stopExecution(executionArnOf("tested", "brief"));
    await new Promise(setImmediate);
    expect(changes).toEqual([]);
    gate.open();
    await Promise.all([started, stopped]);
    expect(changes).toEqual(["RUNNING", "ABORTED"]);
  });

  it("times out as a whole", async () => {
    const engine = newEngine();
    const definition = machine({ Ask: waitForToken() }, { TimeoutSeconds: 30 });
    const { executionArn } = await engine.startExecution({ machine: named(definition), input: {} });
    const { status, error, startDate, stopDate } = await engine.closed(executionArn);
    expect({ status, error }).toEqual({ status: "TIMED_OUT", error: "States.Timeout" });
    expect(stopDate?.getTime()).toBe(startDate.getTime() + 30_000);
  });

  it("gives its Tasks what they need, and aborts the signal of one that it no longer waits for", async () => {
    const invocations: TaskInvocation[] = [];
    const clock = virtualClock();
    const engine = newEngine({
      clock,
      tasks: () => async (invocation) => {
        invocations.push(invocation);
        await clock.sleep(Number.POSITIVE_INFINITY, invocation.signal);
        return null;
      },
    });
    const definition = machine({ Work: task({ TimeoutSeconds: 5, End: true }) });
    const { executionArn } = await engine.startExecution({ machine: named(definition), name: "n", input: {} });
    expect(await engine.closed(executionArn)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(invocations).toHaveLength(1);
    expect(invocations[0]).toMatchObject({
      resource: "arn:aws:states:::lambda:invoke",
      arguments: { FunctionName: "work", Payload: {} },
      executionArn,
      executionName: "n",
      stateName: "Work",
      attempt: 0,
    });
    expect(invocations[0]?.signal.aborted).toBe(true);
  });

  it("fails where nothing handles a resource", async () => {
    const engine = newEngine();
    const definition = machine({ Work: task({ Resource: "arn:aws:states:::sqs:sendMessage", End: true }) });
    const { executionArn } = await engine.startExecution({ machine: named(definition), input: {} });
    expect(await engine.closed(executionArn)).toMatchObject({
      error: "States.Runtime",
      cause: "No handler is registered for the resource 'arn:aws:states:::sqs:sendMessage'.",
    });
  });

  it("has the same history, byte for byte, for the same seed", async () => {
    const definition = machine({
      Chance: pass({ id: "{% $uuid() %}", number: "{% $random() %}", now: "{% $now() %}" }, { Next: "Shuffle" }),
      Shuffle: pass("{% $shuffle([1..20]) %}", { Next: "Ask" }),
      Ask: waitForToken({ TimeoutSeconds: 9, Catch: [{ ErrorEquals: ["States.ALL"], Next: "Done" }], End: true }),
      Done: { Type: "Succeed" },
    });
    const run = async (seed: string) => {
      const engine = newEngine({ chance: seededChance(seed) });
      const { executionArn } = await engine.startExecution({ machine: named(definition), name: "r", input: {} });
      await engine.closed(executionArn);
      return JSON.stringify(await engine.getHistory(executionArn));
    };
    const [first, second, other] = await Promise.all([run("one"), run("one"), run("two")]);
    expect(first).toBe(second);
    expect(first).not.toBe(other);
  });
});

describe("RedriveExecution", () => {
  it("goes on at the state that failed, and runs again only the branches that had not ended", async () => {
    const calls: string[] = [];
    let broken = true;
    const engine = newEngine({
      tasks: lambdaTasks(() => (payload, { stateName }) => {
        calls.push(stateName);
        if (stateName === "Fragile" && broken) throw new Error("broken");
        return payload;
      }),
    });
    const definition = machine({
      Before: task({ Next: "Both" }),
      Both: {
        Type: "Parallel",
        Branches: [
          region({ Sound: task() }),
          region({ Pause: { Type: "Wait", Seconds: 5, Next: "Fragile" }, Fragile: task() }),
        ],
        End: true,
      },
    });
    const { executionArn } = await engine.startExecution({ machine: named(definition), input: {} });
    expect(await engine.closed(executionArn)).toMatchObject({ status: "FAILED", error: "Error" });
    broken = false;
    calls.length = 0;
    await engine.redriveExecution(executionArn);
    expect(await engine.closed(executionArn)).toMatchObject({ status: "SUCCEEDED", redriveCount: 1 });
    expect(calls).toEqual(["Fragile"]);
    expect((await engine.getHistory(executionArn)).filter(({ type }) => type === "ExecutionRedriven")).toHaveLength(1);
  });

  it("is refused while the execution runs, and when it has succeeded", async () => {
    const engine = newEngine();
    const running = await engine.startExecution({ machine: asks, input: {} });
    await expect(engine.redriveExecution(running.executionArn)).rejects.toEqual(refused("ExecutionNotRedrivable"));
    const { executionArn } = await engine.startExecution({ machine: named(machine({ A: pass(1) })), input: {} });
    await expect(engine.redriveExecution(executionArn)).rejects.toEqual(refused("ExecutionNotRedrivable"));
    expect(await engine.describeExecution(executionArn)).toMatchObject({ status: "SUCCEEDED", redriveCount: 0 });
  });
});

describe("states:startExecution", () => {
  const child = named(
    machine({ Wait: { Type: "Wait", Seconds: 60, Next: "Double" }, Double: pass("{% $states.input.n * 2 %}") }),
    "child",
  );
  const parent = (action: string, rest: JsonObject = {}) =>
    named(
      machine({
        Start: {
          Type: "Task",
          Resource: `arn:aws:states:::states:${action}`,
          Arguments: { StateMachineArn: stateMachineArnOf("child"), Input: { n: 21 } },
          End: true,
          ...rest,
        },
      }),
      "parent",
    );
  const engineOf = () => newEngine({ machines: (arn) => (arn === stateMachineArnOf("child") ? child : undefined) });

  it("does not wait by itself", async () => {
    const engine = engineOf();
    const { executionArn } = await engine.startExecution({ machine: parent("startExecution"), input: {} });
    const { startDate, stopDate } = await engine.closed(executionArn);
    expect(stopDate).toEqual(startDate);
  });

  it("waits with .sync:2, and has the output as data", async () => {
    const engine = engineOf();
    const { executionArn } = await engine.startExecution({ machine: parent("startExecution.sync:2"), input: {} });
    const { output, startDate, stopDate } = await engine.closed(executionArn);
    expect(output).toMatchObject({ Status: "SUCCEEDED", Output: 42, Input: { n: 21 } });
    expect(stopDate?.getTime()).toBe(startDate.getTime() + 60_000);
    expect((await engine.getHistory(executionArn)).map(({ type }) => type)).toContain("TaskSubmitted");
  });

  it("fails where there is no such machine", async () => {
    const engine = newEngine();
    const { executionArn } = await engine.startExecution({ machine: parent("startExecution"), input: {} });
    expect((await engine.closed(executionArn)).error).toBe("StepFunctions.StateMachineDoesNotExistException");
  });
});

describe("events:putEvents", () => {
  const run = async (Entries: Json) => {
    const put: Json[] = [];
    const sink = (entries: readonly Json[]) => {
      put.push(...entries);
      return entries.map((_, index) => `event-${index}`);
    };
    const engine = newEngine({ tasks: firstOf(echo, eventTasks(sink)) });
    const Resource = "arn:aws:states:::events:putEvents";
    const definition = machine({ Put: { Type: "Task", Resource, Arguments: { Entries }, End: true } });
    const { executionArn } = await engine.startExecution({ machine: named(definition), input: {} });
    return { execution: await engine.closed(executionArn), put };
  };

  it("hands its entries to the sink, and has their ids", async () => {
    const entries = [{ Source: "a", DetailType: "b", Detail: {} }];
    const { execution, put } = await run(entries);
    expect(put).toEqual(entries);
    expect(execution.output).toEqual({ Entries: [{ EventId: "event-0" }], FailedEntryCount: 0 });
  });

  it("fails without entries", async () => {
    expect((await run([])).execution.error).toBe("EventBridge.ValidationException");
  });
});

describe("a store", () => {
  it("lets the next process go on: tokens, timers and retries, without calling again what had been called", async () => {
    const store = new MemoryLevel<string, string>();
    const tokens: string[] = [];
    const calls: string[] = [];
    const tasks = lambdaTasks(() => (payload, { stateName, attempt }) => {
      calls.push(`${stateName} ${attempt}`);
      if (stateName === "Ask") tokens.push((payload as { token: string }).token);
      if (stateName === "Flaky" && attempt === 0) throw new Error("not yet");
      return stateName;
    });
    const definition = machine({
      All: {
        Type: "Parallel",
        Branches: [
          region({ Ask: waitForToken({ HeartbeatSeconds: 900, End: true }) }),
          region({ Pause: { Type: "Wait", Seconds: 600, Next: "Later" }, Later: task() }),
          region({ Flaky: task({ Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 300 }], End: true }) }),
        ],
        End: true,
      },
    });
    const clock = virtualClock();
    const release = clock.hold();
    const first = newEngine({ store, clock, tasks });
    const { executionArn } = await first.startExecution({ machine: named(definition), input: {} });
    await first.settled(executionArn);
    const before = await first.getHistory(executionArn);
    await first.close();
    expect(calls).toEqual(["Ask 0", "Flaky 0"]);

    const second = newEngine({ store, clock, tasks });
    expect(await second.resume()).toBe(1);
    expect(await second.getHistory(executionArn)).toEqual(before);
    await second.sendTaskSuccess(tokens[0] ?? "", "yes");
    release();
    const { output, startDate, stopDate } = await second.closed(executionArn);
    expect(output).toMatchObject(["yes", { Payload: "Later" }, { Payload: "Flaky" }]);
    expect(stopDate?.getTime()).toBe(startDate.getTime() + 600_000);
    expect(calls).toEqual(["Ask 0", "Flaky 0", "Flaky 1", "Later 0"]);
    expect(await newEngine({ store, clock, tasks }).resume()).toBe(0);
  });

  it("calls again what was being called", async () => {
    const store = new MemoryLevel<string, string>();
    const clock = virtualClock();
    const first = newEngine({ store, clock, tasks: () => () => new Promise<Json>(() => undefined) });
    const { executionArn } = await first.startExecution({ machine: named(machine({ Work: task() })), input: {} });
    await first.close();
    const second = newEngine({ store, clock: virtualClock(clock.now()) });
    await second.resume();
    expect(await second.closed(executionArn)).toMatchObject({ status: "SUCCEEDED" });
  });
});
