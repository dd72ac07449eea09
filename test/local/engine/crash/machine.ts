import type { JsonObject } from "../../../../lib/contract/index.ts";

const task = (name: string, rest: JsonObject): JsonObject => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "work", Payload: { run: "{% $states.context.Execution.Name %}", task: name } },
  Output: "{% $states.result.Payload %}",
  ...rest,
});

const askingPerson: JsonObject = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: {
    FunctionName: "ask",
    Payload: { run: "{% $states.context.Execution.Name %}", token: "{% $states.context.Task.Token %}" },
  },
  TimeoutSeconds: 600,
  HeartbeatSeconds: 300,
  End: true,
};

const retried = {
  Retry: [{ ErrorEquals: ["Flaky"], IntervalSeconds: 1, MaxAttempts: 3, MaxDelaySeconds: 2, JitterStrategy: "FULL" }],
};

/** Waits, a token, retries, a parallel and a map: everything that has to survive a kill. */
export const MACHINE: JsonObject = {
  QueryLanguage: "JSONata",
  StartAt: "First",
  States: {
    First: task("first", { Assign: { first: "{% $states.result.Payload %}" }, Next: "Together" }),
    Together: {
      Type: "Parallel",
      Branches: [
        {
          StartAt: "Left",
          States: {
            Left: task("left", { Next: "Pause" }),
            Pause: { Type: "Wait", Seconds: 1, Next: "Flaky" },
            Flaky: task("flaky", { ...retried, End: true }),
          },
        },
        { StartAt: "Ask", States: { Ask: askingPerson } },
      ],
      Output: "{% $append([$first], $states.result) %}",
      Next: "Each",
    },
    Each: {
      Type: "Map",
      Items: "{% [1..6] %}",
      MaxConcurrency: 2,
      ItemSelector: { item: "{% $states.context.Map.Item.Value %}" },
      ItemProcessor: {
        StartAt: "Item",
        States: {
          Item: task("item", {
            Arguments: {
              FunctionName: "work",
              Payload: {
                run: "{% $states.context.Execution.Name %}",
                task: "{% 'item ' & $string($states.input.item) %}",
              },
            },
            End: true,
          }),
        },
      },
      Output: { before: "{% $states.input %}", items: "{% $states.result %}" },
      Next: "Last",
    },
    Last: task("last", {
      Output: { all: "{% $states.input %}", last: "{% $states.result.Payload %}" },
      End: true,
    }),
  },
};

export const EXPECTED_OUTPUT = {
  all: {
    before: ["did first", "did flaky", "approved"],
    items: ["did item 1", "did item 2", "did item 3", "did item 4", "did item 5", "did item 6"],
  },
  last: "did last",
};
