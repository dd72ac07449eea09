import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../lib/contract/index.ts";
import type { HistoryEvent } from "../../../lib/local/engine/index.ts";
import { machine, pass, region, task, waitForToken } from "./machines.ts";
import { runMachine, scriptedTasks } from "./run-machine.ts";

const outline = (history: readonly HistoryEvent[]) =>
  history.map(({ id, previousEventId, type }) => `${id} after ${previousEventId}: ${type}`);

const wait = (Seconds: number, rest: JsonObject = { End: true }): JsonObject => ({ Type: "Wait", Seconds, ...rest });
const fail = (error: string): JsonObject => ({ Type: "Fail", Error: error, Cause: `because of ${error}` });

describe("Parallel", () => {
  it("gives the outputs in the order of the branches, whichever ends first", async () => {
    const { execution, history } = await runMachine(
      machine({
        Both: {
          Type: "Parallel",
          Arguments: { n: 1 },
          Branches: [
            region({ Slow: wait(5, { Next: "Left" }), Left: pass("{% $states.input.n %}") }),
            region({ Right: pass("{% $states.input.n + 1 %}") }),
          ],
          End: true,
        },
      }),
    );
    expect(execution.output).toEqual([1, 2]);
    expect(outline(history)).toEqual([
      "1 after 0: ExecutionStarted",
      "2 after 0: ParallelStateEntered",
      "3 after 2: ParallelStateStarted",
      "4 after 3: WaitStateEntered",
      "5 after 3: PassStateEntered",
      "6 after 5: PassStateExited",
      "7 after 4: WaitStateExited",
      "8 after 7: PassStateEntered",
      "9 after 8: PassStateExited",
      "10 after 9: ParallelStateSucceeded",
      "11 after 9: ParallelStateExited",
      "12 after 11: ExecutionSucceeded",
    ]);
  });

  it("stops the other branches, and all within them, when one fails", async () => {
    const { execution, history } = await runMachine(
      machine({
        Both: {
          Type: "Parallel",
          Branches: [
            region({ Soon: wait(1, { Next: "Broken" }), Broken: fail("Broken") }),
            region({ Ask: waitForToken() }),
            region({ Inner: { Type: "Parallel", Branches: [region({ Later: wait(1000) })], End: true } }),
          ],
          Catch: [{ ErrorEquals: ["Broken"], Output: "{% $states.errorOutput %}", Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Succeed" },
      }),
      { tasks: scriptedTasks({ Ask: [{ result: null }] }) },
    );
    expect(execution).toMatchObject({
      status: "SUCCEEDED",
      output: { Error: "Broken", Cause: "because of Broken" },
    });
    expect((execution.stopDate?.getTime() ?? 0) - execution.startDate.getTime()).toBe(1000);
    expect(history.map(({ type }) => type).slice(-8)).toEqual([
      "TaskStateAborted",
      "WaitStateAborted",
      "ParallelStateAborted",
      "ParallelStateFailed",
      "ParallelStateExited",
      "SucceedStateEntered",
      "SucceedStateExited",
      "ExecutionSucceeded",
    ]);
  });
});

describe("Map", () => {
  const mapOf = (rest: JsonObject, states: Readonly<Record<string, JsonObject>>): JsonObject => ({
    Type: "Map",
    ItemProcessor: region(states),
    End: true,
    ...rest,
  });

  it("runs so many items at a time", async () => {
    const { execution } = await runMachine(
      machine({ Each: mapOf({ Items: [1, 2, 3, 4, 5], MaxConcurrency: 2 }, { Item: wait(10) }) }),
    );
    expect((execution.stopDate?.getTime() ?? 0) - execution.startDate.getTime()).toBe(30_000);
  });

  it("prepares items with ItemSelector, which sees the item and the state's input", async () => {
    const selector = {
      index: "{% $states.context.Map.Item.Index %}",
      value: "{% $states.context.Map.Item.Value %}",
      shared: "{% $states.input.shared %}",
    };
    const { execution } = await runMachine(
      machine({
        Each: mapOf(
          { Items: "{% $states.input.items %}", ItemSelector: selector },
          { Item: pass("{% $merge([$states.input, {'again': $states.context.Map.Item.Value}]) %}") },
        ),
      }),
      { input: { items: ["a", "b"], shared: 1 } },
    );
    expect(execution.output).toEqual([
      { index: 0, value: "a", shared: 1, again: "a" },
      { index: 1, value: "b", shared: 1, again: "b" },
    ]);
  });

  const failingFrom = (first: number): Readonly<Record<string, JsonObject>> => ({
    Pick: {
      Type: "Choice",
      Choices: [{ Condition: `{% $states.input >= ${first} %}`, Next: "Broken" }],
      Default: "Fine",
    },
    Broken: fail("Broken"),
    Fine: wait(5),
  });

  it("stops the other items when one fails", async () => {
    const { execution, history } = await runMachine(machine({ Each: mapOf({ Items: [1, 2, 3] }, failingFrom(2)) }));
    expect(execution).toMatchObject({ status: "FAILED", error: "Broken", cause: "because of Broken" });
    expect(history.map(({ type }) => type).slice(-5)).toEqual([
      "MapIterationFailed",
      "WaitStateAborted",
      "MapIterationAborted",
      "MapStateFailed",
      "ExecutionFailed",
    ]);
  });

  it("tolerates as many failures as it is told to", async () => {
    const tolerant = machine({ Each: mapOf({ Items: [1, 2, 3, 4], ToleratedFailureCount: 2 }, failingFrom(3)) });
    expect((await runMachine(tolerant)).execution.status).toBe("SUCCEEDED");
    const strict = machine({ Each: mapOf({ Items: [1, 2, 3, 4], ToleratedFailurePercentage: 25 }, failingFrom(3)) });
    expect((await runMachine(strict)).execution).toMatchObject({
      status: "FAILED",
      error: "States.ExceedToleratedFailureThreshold",
    });
  });

  it("runs distributed, in batches, out of sight of the variables outside", async () => {
    const { execution, history } = await runMachine(
      machine({
        Prepare: { Type: "Pass", Assign: { secret: 1 }, Next: "Each" },
        Each: {
          Type: "Map",
          Items: [1, 2, 3, 4, 5],
          ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { factor: 10 } },
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...region({
              Batch: pass({
                sum: "{% $sum($states.input.Items) * $states.input.BatchInput.factor %}",
                hidden: "{% $not($exists($secret)) %}",
              }),
            }),
          },
          End: true,
        },
      }),
    );
    expect(execution.output).toEqual([
      { sum: 30, hidden: true },
      { sum: 70, hidden: true },
      { sum: 50, hidden: true },
    ]);
    expect(outline(history).slice(3)).toEqual([
      "4 after 3: MapStateEntered",
      "5 after 4: MapStateStarted",
      "6 after 5: MapRunStarted",
      "7 after 6: MapRunSucceeded",
      "8 after 7: MapStateSucceeded",
      "9 after 6: MapStateExited",
      "10 after 9: ExecutionSucceeded",
    ]);
  });

  it("reads its items through the resource of its ItemReader", async () => {
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON", MaxItems: 2 },
      Arguments: { Bucket: "b", Key: "k" },
    };
    const { execution } = await runMachine(
      machine({
        Each: {
          Type: "Map",
          ItemReader: reader,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            ...region({ Item: pass("{% $states.input %}") }),
          },
          End: true,
        },
      }),
      { tasks: scriptedTasks({ Each: [{ result: ["x", "y", "z"] }] }) },
    );
    expect(execution.output).toEqual(["x", "y"]);
  });
});

describe("variables", () => {
  it("are read from within branches and items, and those assigned there end there", async () => {
    const { execution } = await runMachine(
      machine({
        Set: { Type: "Pass", Assign: { outer: "o" }, Next: "Both" },
        Both: {
          Type: "Parallel",
          Branches: [
            region({
              One: { Type: "Pass", Assign: { inner: "{% $outer & '1' %}" }, Next: "Two" },
              Two: {
                Type: "Map",
                Items: ["x", "y"],
                ItemProcessor: region({ Deep: pass("{% $outer & $inner & $states.input %}") }),
                End: true,
              },
            }),
            region({ Other: { Type: "Pass", Assign: { inner: "own" }, Output: "{% $exists($inner) %}", End: true } }),
          ],
          Next: "After",
        },
        After: pass({ result: "{% $states.input %}", left: "{% $exists($inner) %}" }),
      }),
    );
    expect(execution.output).toEqual({ result: [["oo1x", "oo1y"], false], left: false });
  });

  it("keep the values of the state's entry while it assigns and outputs", async () => {
    const { execution } = await runMachine(
      machine({
        Set: { Type: "Pass", Assign: { a: 1, b: 2 }, Next: "Swap" },
        Swap: { Type: "Pass", Assign: { a: "{% $b %}", b: "{% $a %}" }, Output: "{% [$a, $b] %}", Next: "Look" },
        Look: pass("{% [$states.input, [$a, $b]] %}"),
      }),
    );
    expect(execution.output).toEqual([1, 2, [2, 1]]);
  });

  it("are not assigned at all when one expression fails", async () => {
    const { execution } = await runMachine(
      machine({
        Set: { Type: "Pass", Assign: { a: 1 }, Next: "Work" },
        Work: task({
          Assign: { a: 2, b: "{% $nothing %}" },
          Catch: [{ ErrorEquals: ["States.QueryEvaluationError"], Output: "{% $a %}", Next: "Caught" }],
          End: true,
        }),
        Caught: { Type: "Succeed" },
      }),
      { tasks: scriptedTasks({ Work: [{ result: 1 }] }) },
    );
    expect(execution.output).toBe(1);
  });
});
