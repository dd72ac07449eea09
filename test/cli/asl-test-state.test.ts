import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../../lib/contract/index.ts";
import { matches, readRecorded } from "../local/engine/recorded.ts";
import { commandLine } from "./command-line.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
beforeEach(async () => {
  cli = await commandLine();
});
afterEach(() => cli.remove());

interface Given {
  readonly definition: unknown;
  readonly input?: unknown;
  readonly mock?: unknown;
  readonly variables?: unknown;
  readonly context?: unknown;
  readonly stateName?: string;
}

async function testState({ stateName, input = {}, ...given }: Given) {
  const args = ["asl", "test-state", "--json", ...(stateName === undefined ? [] : ["--state-name", stateName])];
  for (const [option, content] of Object.entries({ ...given, input })) {
    if (content === undefined) continue;
    args.push(`--${option}`, await cli.file(typeof content === "string" ? content : JSON.stringify(content)));
  }
  const { code, out } = await cli.holdfast(...args);
  return { code, ...JSON.parse(out) };
}

const TASK = {
  QueryLanguage: "JSONata",
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "any" },
  Retry: [{ ErrorEquals: ["Busy"] }],
  Catch: [{ ErrorEquals: ["Rejected"], Output: "{% $states.errorOutput.Cause %}", Next: "Repair" }],
  Next: "Done",
};

describe("holdfast asl test-state", () => {
  it("answers what the state does with its input", async () => {
    const definition = { QueryLanguage: "JSONata", Type: "Pass", Output: "{% $states.input.n + 1 %}", Next: "After" };
    const expected = { code: 0, status: "SUCCEEDED", output: 2, error: null, cause: null, nextState: "After" };
    expect(await testState({ definition, input: { n: 1 } })).toEqual(expected);
  });

  it.each([
    ["a result", { result: '{"a":1}' }, { status: "SUCCEEDED", output: { a: 1 }, nextState: "Done" }],
    ["a result that is no text", { result: { a: 1 } }, { status: "SUCCEEDED", output: { a: 1 }, nextState: "Done" }],
    [
      "an error that is retried",
      { errorOutput: { error: "Busy", cause: "c" } },
      { status: "RETRIABLE", error: "Busy", cause: "c" },
    ],
    [
      "an error that is caught",
      { errorOutput: { error: "Rejected", cause: "no" } },
      { status: "CAUGHT_ERROR", error: "Rejected", output: "no", nextState: "Repair" },
    ],
    ["another error", { errorOutput: { error: "Odd" } }, { status: "FAILED", error: "Odd", nextState: null }],
  ])("ends a Task with %s of the mock", async (_, mock, expected) => {
    expect(await testState({ definition: TASK, mock })).toMatchObject({ code: 0, ...expected });
  });

  it("knows the variables and the context that it is given", async () => {
    const Output = "{% $greeting & $states.context.Execution.Name %}";
    const definition = { QueryLanguage: "JSONata", Type: "Pass", Output, End: true };
    const context = { Execution: { Name: "Ada" } };
    expect(await testState({ definition, variables: { greeting: "hello " }, context })).toMatchObject({
      output: "hello Ada",
    });
  });

  it("takes a state out of a machine by its name", async () => {
    const States = { A: { Type: "Pass", Next: "B" }, B: { Type: "Fail", Error: "Here" } };
    const definition = { QueryLanguage: "JSONata", StartAt: "A", States };
    expect(await testState({ definition, stateName: "B" })).toMatchObject({ status: "FAILED", error: "Here" });
  });

  it.each([
    ["a definition that is no JSON", { definition: "{" }, "InvalidDefinition"],
    ["a state of an unknown type", { definition: { QueryLanguage: "JSONata", Type: "Fly" } }, "InvalidDefinition"],
    ["a Task without a mock", { definition: TASK }, "ValidationException"],
    ["a state that the machine does not have", { definition: TASK, stateName: "Nowhere" }, "ValidationException"],
    ["an input that is no JSON", { definition: TASK, input: "{" }, "InvalidExecutionInput"],
  ])("refuses %s", async (_, given, error) => {
    expect(await testState(given)).toEqual({ code: 2, status: "INVALID", error, cause: expect.any(String) });
  });

  it.each([
    ["mock", "a result that is no JSON", { result: "{" }],
    ["mock", "an error that is no text", { errorOutput: { error: 7 } }],
    ["variables", "a list", []],
    ["context", "a text", '"x"'],
  ])("refuses a file for --%s with %s", async (option, _, content) => {
    const { code, error } = await testState({ definition: TASK, [option]: content });
    expect({ code, error: error.code }).toEqual({ code: 2, error: "asl-file-invalid" });
  });
});

interface RecordedTest {
  readonly name: string;
  readonly definition: Json;
  readonly input: Json;
  readonly call: { readonly mock?: Json; readonly stateName?: string };
  readonly expectedStatus: string;
  readonly expectedOutput: Json;
  readonly expectedError: string | null;
  readonly expectedCause: string | null;
  readonly nextState: string | null;
}

const recordings = readRecorded<RecordedTest>("test-state.jsonl");
const sample = recordings.filter((_, index) => index % Math.ceil(recordings.length / 10) === 0);

describe.skipIf(sample.length === 0)(
  "holdfast asl test-state answers as AWS did (../shared/asl-conformance, skipped where absent)",
  () => {
    it.each(sample)("$name", async ({ definition, input, call: { mock, stateName }, ...recorded }) => {
      const choice = stateName === undefined ? {} : { stateName };
      const { output, ...rest } = await testState({ definition, input: JSON.stringify(input), mock, ...choice });
      expect(rest).toEqual({
        code: 0,
        status: recorded.expectedStatus,
        error: recorded.expectedError,
        cause: recorded.expectedCause,
        nextState: recorded.nextState,
      });
      expect(matches(recorded.expectedOutput, output), JSON.stringify(output)).toBe(true);
    });
  },
);
