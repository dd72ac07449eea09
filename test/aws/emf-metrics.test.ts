import { expect, test } from "vitest";
import { emfMetrics } from "../../lib/aws/index.ts";
import { ErrorClass } from "../../lib/contract/index.ts";

const lines: string[] = [];
const metrics = emfMetrics({ now: () => 1_767_225_600_000 }, (line) => lines.push(line));
const written = () => lines.splice(0).map((line) => JSON.parse(line));

test("values of an agent are one line, which names metrics, units and the agent as their dimension", () => {
  metrics.record({ agent: "desk", values: { runsOpen: 3, oldestRunAge: 61 } });
  expect(written()).toEqual([
    {
      _aws: {
        Timestamp: 1_767_225_600_000,
        CloudWatchMetrics: [
          {
            Namespace: "Holdfast",
            Dimensions: [["Agent"]],
            Metrics: [
              { Name: "RunsOpen", Unit: "Count" },
              { Name: "OldestRunAge", Unit: "Seconds" },
            ],
          },
        ],
      },
      Agent: "desk",
      RunsOpen: 3,
      OldestRunAge: 61,
    },
  ]);
});

test("a step failure has its class as a dimension besides", () => {
  metrics.record({ agent: "desk", errorClass: ErrorClass.Throttled, values: { stepFailures: 1 } });
  expect(written()).toMatchObject([
    {
      _aws: { CloudWatchMetrics: [{ Dimensions: [["Agent", "Class"]] }] },
      Agent: "desk",
      Class: "Holdfast.Throttled",
      StepFailures: 1,
    },
  ]);
});

test("the end of a run has its outcome as a dimension besides", () => {
  metrics.record({ agent: "desk", outcome: "abandoned", values: { runsEnded: 1 } });
  expect(written()).toMatchObject([
    { _aws: { CloudWatchMetrics: [{ Dimensions: [["Agent", "Outcome"]] }] }, Outcome: "abandoned", RunsEnded: 1 },
  ]);
});

test("nothing measured is no line", () => {
  metrics.record({ agent: "desk", values: {} });
  expect(lines).toEqual([]);
});
