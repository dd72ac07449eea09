import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  InvalidArn,
  InvalidExecutionInput,
  InvalidName,
  InvalidToken,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  paginateListExecutions,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { arnOf, type ServedEngine, servedEngine } from "./served-engine.ts";

let api: ServedEngine;
beforeEach(async () => {
  api = await servedEngine();
});
afterEach(() => api.close());

const start = (machine: string, name?: string, input = "{}") =>
  api.states.send(new StartExecutionCommand({ stateMachineArn: arnOf(machine), name, input }));
const describeExecution = (executionArn: string | undefined) =>
  api.states.send(new DescribeExecutionCommand({ executionArn }));
/** Starts it, and describes it once it has closed. */
async function run(machine: string, input = "{}") {
  const { executionArn = "" } = await start(machine, undefined, input);
  await api.engine.closed(executionArn);
  return describeExecution(executionArn);
}

describe("state machines", () => {
  it("are listed, page by page", async () => {
    const first = await api.states.send(new ListStateMachinesCommand({ maxResults: 3 }));
    const second = await api.states.send(new ListStateMachinesCommand({ maxResults: 3, nextToken: first.nextToken }));
    expect(first.stateMachines?.map(({ name }) => name)).toEqual(["greet", "nap", "ask"]);
    expect(second.stateMachines).toEqual([
      { name: "work", stateMachineArn: arnOf("work"), type: "STANDARD", creationDate: new Date("2026-01-01") },
    ]);
    expect(second.nextToken).toBeUndefined();
  });

  it("are described with the definition that runs", async () => {
    const described = await api.states.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf("nap") }));
    expect(described).toMatchObject({ name: "nap", status: "ACTIVE", type: "STANDARD" });
    expect(JSON.parse(described.definition ?? "")).toMatchObject({ StartAt: "Nap" });
  });

  it("that are not there are an error", async () => {
    const unknown = api.states.send(new DescribeStateMachineCommand({ stateMachineArn: arnOf("nothing") }));
    await expect(unknown).rejects.toThrow(StateMachineDoesNotExist);
  });
});

describe("StartExecution", () => {
  it("runs the machine with the input", async () => {
    expect(await run("greet", '{"name":"Ada"}')).toMatchObject({
      stateMachineArn: arnOf("greet"),
      status: "SUCCEEDED",
      startDate: new Date("2026-01-01"),
      stopDate: new Date("2026-01-01"),
      input: '{"name":"Ada"}',
      output: '{"greeting":"hello Ada"}',
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
  });

  it("of the same name and input while it runs gives the same execution", async () => {
    const first = await start("nap", "once", '{"a":1}');
    api.clock.advance(10);
    const second = await start("nap", "once", '{ "a": 1 }');
    expect([second.executionArn, second.startDate]).toEqual([first.executionArn, first.startDate]);
  });

  it("of the same name and another input is refused", async () => {
    await start("nap", "once");
    await expect(start("nap", "once", '{"a":1}')).rejects.toThrow(ExecutionAlreadyExists);
  });

  it("of the same name is refused once the execution has closed", async () => {
    const { executionArn = "" } = await start("greet", "once", '{"name":"Ada"}');
    await api.engine.closed(executionArn);
    await expect(start("greet", "once", '{"name":"Ada"}')).rejects.toThrow(ExecutionAlreadyExists);
  });

  it.each([
    ["a name that AWS does not allow", () => start("greet", "a b"), InvalidName],
    ["an input that is no JSON", () => start("greet", "x", "{"), InvalidExecutionInput],
    ["a machine that is not there", () => start("nothing"), StateMachineDoesNotExist],
  ])("refuses %s", async (_, refused, error) => {
    await expect(refused()).rejects.toThrow(error);
  });

  it("refuses an input above 256 KiB", async () => {
    const large = JSON.stringify("x".repeat(262_144));
    await expect(start("greet", "x", large)).rejects.toMatchObject({ name: "ValidationException" });
    const wide = JSON.stringify("é".repeat(200_000));
    await expect(start("greet", "x", wide)).rejects.toThrow(InvalidExecutionInput);
  });

  it("refuses an ARN of something else", async () => {
    const { executionArn } = await start("nap");
    const ofExecution = new StartExecutionCommand({ stateMachineArn: executionArn });
    await expect(api.states.send(ofExecution)).rejects.toThrow(InvalidArn);
    await expect(describeExecution("nonsense")).rejects.toThrow(InvalidArn);
    await expect(describeExecution(arnOf("nap"))).rejects.toThrow(InvalidArn);
  });
});

describe("ListExecutions", () => {
  const list = (options: object = {}) =>
    api.states.send(new ListExecutionsCommand({ stateMachineArn: arnOf("nap"), ...options }));
  const namesOf = ({ executions }: { executions?: { name: string | undefined }[] | undefined }) =>
    executions?.map(({ name }) => name);

  it("gives the executions of one machine, latest first", async () => {
    for (const name of ["a", "b"]) {
      await start("nap", name);
      api.clock.advance(1);
    }
    await start("ask", "c");
    expect(namesOf(await list())).toEqual(["b", "a"]);
  });

  it("goes on where the page before ended, whatever has started since", async () => {
    for (const name of ["a", "b", "c"]) {
      await start("nap", name);
      api.clock.advance(1);
    }
    const { nextToken, ...first } = await list({ maxResults: 2 });
    await start("nap", "d");
    expect(namesOf(first)).toEqual(["c", "b"]);
    expect(namesOf(await list({ maxResults: 2, nextToken }))).toEqual(["a"]);
  });

  it("is walked by the client's own paginator", async () => {
    for (const name of ["a", "b", "c"]) await start("nap", name);
    const pages = [];
    for await (const page of paginateListExecutions(
      { client: api.states, pageSize: 1 },
      { stateMachineArn: arnOf("nap") },
    ))
      pages.push(namesOf(page));
    expect(pages).toHaveLength(3);
  });

  it("filters by status and by redrive", async () => {
    const { executionArn = "" } = await start("nap", "stopped");
    await start("nap", "running");
    await api.states.send(new StopExecutionCommand({ executionArn }));
    expect(namesOf(await list({ statusFilter: "RUNNING" }))).toEqual(["running"]);
    expect(namesOf(await list({ statusFilter: "ABORTED" }))).toEqual(["stopped"]);
    expect(namesOf(await list({ redriveFilter: "REDRIVEN" }))).toEqual([]);
    expect(namesOf(await list({ redriveFilter: "NOT_REDRIVEN" }))).toHaveLength(2);
  });

  it("refuses a token that it did not give, and pages above 1000", async () => {
    await expect(list({ nextToken: "made-up" })).rejects.toThrow(InvalidToken);
    await expect(list({ maxResults: 1001 })).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    });
  });
});

describe("StopExecution", () => {
  it("aborts with the reason that was given, and changes nothing when repeated", async () => {
    const { executionArn } = await start("nap");
    const stop = (error: string) =>
      api.states.send(new StopExecutionCommand({ executionArn, error, cause: "It was me." }));
    const { stopDate } = await stop("Enough");
    api.clock.advance(5);
    expect((await stop("Again")).stopDate).toEqual(stopDate);
    expect(await describeExecution(executionArn)).toMatchObject({
      status: "ABORTED",
      error: "Enough",
      cause: "It was me.",
      redriveStatus: "REDRIVABLE",
      stopDate,
    });
  });

  it("of what is not there is an error", async () => {
    const executionArn = "arn:aws:states:us-east-1:000000000000:execution:nap:nobody";
    await expect(api.states.send(new StopExecutionCommand({ executionArn }))).rejects.toThrow(ExecutionDoesNotExist);
  });
});

describe("RedriveExecution", () => {
  const redrive = (executionArn: string | undefined) => api.states.send(new RedriveExecutionCommand({ executionArn }));

  it("goes on at the state that failed", async () => {
    api.breakWork(1);
    const { executionArn = "", status } = await run("work");
    api.clock.advance(60);
    const { redriveDate } = await redrive(executionArn);
    await api.engine.closed(executionArn);
    expect(status).toBe("FAILED");
    expect(redriveDate).toEqual(new Date("2026-01-01T00:01:00Z"));
    expect(await describeExecution(executionArn)).toMatchObject({
      status: "SUCCEEDED",
      output: '"worked"',
      redriveCount: 1,
    });
    const entered = (await api.engine.getHistory(executionArn)).filter(({ type }) => type === "PassStateEntered");
    expect(entered).toHaveLength(1);
  });

  it("is refused for what runs or has succeeded", async () => {
    const running = await start("nap");
    await expect(redrive(running.executionArn)).rejects.toThrow(ExecutionNotRedrivable);
    const { executionArn } = await run("greet", '{"name":"Ada"}');
    await expect(redrive(executionArn)).rejects.toThrow(ExecutionNotRedrivable);
  });
});
