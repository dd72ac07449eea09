import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lib/contract/index.ts";
import { createEngine } from "../../../lib/local/engine/index.ts";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import { virtualClock } from "../../../lib/local/virtual-clock.ts";
import { machine, pass, region, task } from "./machines.ts";
import { runMachine, scriptedTasks } from "./run-machine.ts";

const KIB_256 = 262_144;
/** JSON of that many bytes, quotes included. */
const textOf = (bytes: number) => "x".repeat(bytes - 2);

describe("256 KiB of UTF-8 JSON", () => {
  it("may be a result, an output and a variable", async () => {
    const { execution } = await runMachine(
      machine({ Work: task({ Assign: { kept: "{% $length($states.result) %}" }, End: true }) }),
      {
        tasks: scriptedTasks({ Work: [{ result: textOf(KIB_256) }] }),
      },
    );
    expect(execution.status).toBe("SUCCEEDED");
  });

  it("and one more may not: States.DataLimitExceeded, which States.ALL does not catch", async () => {
    const run = (errors: readonly string[]) =>
      runMachine(
        machine({
          Work: task({ Catch: errors.map((error) => ({ ErrorEquals: [error], Next: "Caught" })), End: true }),
          Caught: pass("caught"),
        }),
        { tasks: scriptedTasks({ Work: [{ result: textOf(KIB_256 + 1) }] }) },
      );
    expect((await run(["States.ALL"])).execution).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause: "The state/task 'Work' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    const { execution, history } = await run(["States.DataLimitExceeded", "States.ALL"]);
    expect(execution.output).toBe("caught");
    expect(history.map(({ type }) => type)).toContain("TaskFailed");
  });

  it.each<[string, JsonObject]>([
    ["the output of a Pass", pass("{% $pad('', 262143, 'x') %}")],
    [
      "the list of a Map's outputs",
      {
        Type: "Map",
        Items: "{% [1..300] %}",
        ItemProcessor: region({ Item: pass("{% $pad('', 1000, 'x') %}") }),
        End: true,
      },
    ],
    ["characters of several bytes", pass("{% $pad('', 90000, '€') %}")],
    ["a variable", { Type: "Pass", Assign: { big: "{% $pad('', 262144, 'x') %}" }, End: true }],
    [
      "the arguments of a Task",
      task({ Arguments: { FunctionName: "f", Payload: "{% $pad('', 262144, 'x') %}" }, End: true }),
    ],
  ])("are more than %s may have", async (_, state) => {
    const { execution } = await runMachine(machine({ Big: state }));
    expect(execution.error).toBe("States.DataLimitExceeded");
  });

  it("is for each variable; all together may have 10 MiB", async () => {
    const definition = machine({
      Grow: {
        Type: "Pass",
        Assign: { n: "{% ($exists($n) ? $n : 0) + 1 %}", list: "{% $append($list, $pad('', 200, 'x')) %}" },
        Next: "More",
      },
      More: { Type: "Choice", Choices: [{ Condition: "{% $n < 50 %}", Next: "Grow" }], Default: "Done" },
      Done: pass("{% $n %}"),
    });
    expect((await runMachine(definition)).execution.output).toBe(50);
    const states = Object.fromEntries(
      Array.from({ length: 42 }, (_, at) => [
        `S${at}`,
        { Type: "Pass", Assign: { [`v${at}`]: "{% $pad('', 262000, 'x') %}" }, Next: at < 41 ? `S${at + 1}` : "Done" },
      ]),
    );
    const { execution } = await runMachine(machine({ ...states, Done: pass("done") }));
    expect(execution.error).toBe("States.DataLimitExceeded");
  });
});

describe("25 000 events", () => {
  const loop = (limit: number) =>
    machine({
      Count: {
        Type: "Pass",
        Assign: { n: "{% $states.input.n + 1 %}" },
        Output: { n: "{% $states.input.n + 1 %}" },
        Next: "More",
      },
      More: {
        Type: "Choice",
        Choices: [{ Condition: `{% $states.input.n < ${limit} %}`, Next: "Count" }],
        Default: "Done",
      },
      Done: { Type: "Pass", End: true },
    });

  it("end an execution that is not done by then", async () => {
    const { execution, history } = await runMachine(loop(1e9), { input: { n: 0 } });
    expect(execution).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
    });
    expect(history).toHaveLength(25_000);
    expect(history.at(-1)).toMatchObject({ id: 25_000, type: "ExecutionFailed" });
  });

  it("leave no place for a redrive", async () => {
    const engine = createEngine({ clock: virtualClock(), chance: seededChance("full"), tasks: scriptedTasks({}) });
    const request = { machine: { name: "full", definition: loop(1e9) }, input: { n: 0 } };
    const { executionArn } = await engine.startExecution(request);
    await expect(engine.redriveExecution(executionArn)).rejects.toMatchObject({ code: "ExecutionNotRedrivable" });
  });

  it("leave no place for what is stopped, but the execution stops", async () => {
    const waits = Array.from({ length: 40 }, (_, index) =>
      region({ [`W${index}`]: { Type: "Wait", Seconds: 9, End: true } }),
    );
    const definition = machine({
      ...(loop(6235).States as Record<string, JsonObject>),
      Done: { Type: "Parallel", Branches: waits, End: true },
    });
    const clock = virtualClock();
    const release = clock.hold();
    const engine = createEngine({ clock, chance: seededChance("full"), tasks: scriptedTasks({}) });
    const { executionArn } = await engine.startExecution({ machine: { name: "full", definition }, input: { n: 0 } });
    await engine.stopExecution(executionArn);
    release();
    const history = await engine.getHistory(executionArn);
    expect(history).toHaveLength(25_000);
    expect(history.at(-1)?.type).toBe("ExecutionAborted");
  });

  it("are enough when the last is the success", async () => {
    const { execution, history } = await runMachine(loop(6249), { input: { n: 0 } });
    expect(execution.status).toBe("SUCCEEDED");
    expect(history.at(-1)).toMatchObject({ id: 25_000, type: "ExecutionSucceeded" });
  });
});
