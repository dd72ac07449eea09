import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { matches, type RecordedCase, readRecorded } from "../local/engine/recorded.ts";
import { commandLine } from "./command-line.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
beforeEach(async () => {
  cli = await commandLine();
});
afterEach(() => cli.remove());

const DAY = 86_400;

const machine = (States: object) => ({ QueryLanguage: "JSONata", StartAt: Object.keys(States)[0], States });
const PASS = machine({ Double: { Type: "Pass", Output: "{% $states.input.n * 2 %}", End: true } });
const TASK = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "any" },
  End: true,
};

interface Given {
  readonly definition: unknown;
  readonly input?: unknown;
  readonly tasks?: unknown;
  readonly flags?: readonly string[];
}

/** Runs the command; what is no text goes into its files as JSON. */
async function aslRun({ definition, input = {}, tasks, flags = ["--json"] }: Given) {
  const file = (content: unknown) => cli.file(typeof content === "string" ? content : JSON.stringify(content));
  const script = tasks === undefined ? [] : ["--tasks", await file(tasks)];
  const files = ["--definition", await file(definition), "--input", await file(input), ...script];
  const said = await cli.holdfast("asl", "run", ...files, ...flags);
  return { ...said, json: () => JSON.parse(said.out) };
}

describe("holdfast asl run", () => {
  it("prints how the execution ended", async () => {
    const said = await aslRun({ definition: PASS, input: { n: 21 } });
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.json()).toEqual({ status: "SUCCEEDED", output: 42, error: null, cause: null });
  });

  it("exits with 0 when the execution failed: it ran", async () => {
    const definition = machine({ Stop: { Type: "Fail", Error: "Enough", Cause: "It was too much." } });
    const said = await aslRun({ definition });
    expect(said.code).toBe(0);
    expect(said.json()).toEqual({ status: "FAILED", output: null, error: "Enough", cause: "It was too much." });
  });

  it("gives the attempts of each Task what was scripted, in order", async () => {
    const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: DAY, MaxAttempts: 2 }];
    const definition = machine({ A: { ...TASK, Retry, End: undefined, Next: "B" }, B: TASK });
    const busy = { error: "Busy", cause: "Come back tomorrow." };
    const tasks = { A: [busy, busy, { result: 1 }], B: [{ result: { done: [true] } }] };
    expect((await aslRun({ definition, tasks })).json()).toMatchObject({
      status: "SUCCEEDED",
      output: { done: [true] },
    });
  });

  it("answers a Task that waits for its token as scripted", async () => {
    const Resource = "arn:aws:states:::lambda:invoke.waitForTaskToken";
    const Catch = [{ ErrorEquals: ["No"], Next: "Ask again" }];
    const ask = { ...TASK, Resource, TimeoutSeconds: DAY };
    const definition = machine({ Ask: { ...ask, Catch }, "Ask again": ask });
    const tasks = { Ask: [{ error: "No", cause: "" }], "Ask again": [{ result: "yes" }] };
    const said = (await aslRun({ definition, tasks, flags: ["--json", "--history"] })).json();
    expect(said).toMatchObject({ status: "SUCCEEDED", output: "yes" });
    const types = said.events.map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => type === "TaskSubmitted")).toHaveLength(2);
  });

  it("fails a Task that has no entry left, whatever the machine would catch", async () => {
    const Catch = [{ ErrorEquals: ["States.ALL"], Next: "Over" }];
    const definition = machine({ Work: { ...TASK, Catch }, Over: { Type: "Succeed" } });
    expect((await aslRun({ definition, tasks: { Other: [{ result: 1 }] } })).json()).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "--tasks has no entry for attempt 1 of the state 'Work'.",
    });
  });

  it("adds the history on demand, in AWS's shape", async () => {
    const { events } = (await aslRun({ definition: PASS, input: { n: 1 }, flags: ["--json", "--history"] })).json();
    expect(events.map(({ id, type }: { id: number; type: string }) => `${id} ${type}`)).toEqual([
      "1 ExecutionStarted",
      "2 PassStateEntered",
      "3 PassStateExited",
      "4 ExecutionSucceeded",
    ]);
    expect(events[1].stateEnteredEventDetails).toMatchObject({ name: "Double", input: '{"n":1}' });
  });

  it("gives the same history for the same files, chance included", async () => {
    const definition = machine({
      Draw: {
        ...TASK,
        Retry: [{ ErrorEquals: ["Busy"], JitterStrategy: "FULL" }],
        Output: "{% $uuid() & $random() %}",
      },
    });
    const tasks = { Draw: [{ error: "Busy", cause: "" }, { result: {} }] };
    const given = { definition, tasks, flags: ["--json", "--history"] };
    expect((await aslRun(given)).out).toBe((await aslRun(given)).out);
  });

  it("lets a year pass at once, from the same day on", async () => {
    const definition = machine({ Nap: { Type: "Wait", Seconds: 365 * DAY, End: true } });
    const { events } = (await aslRun({ definition, flags: ["--json", "--history"] })).json();
    expect(events[0].timestamp).toBe("2026-01-01T00:00:00.000Z");
    expect(events.at(-1).timestamp).toBe("2027-01-01T00:00:00.000Z");
  });

  it("goes by the clock of the machine with --real-time", async () => {
    const definition = machine({ Nap: { Type: "Wait", Seconds: 1, End: true } });
    const { events } = (await aslRun({ definition, flags: ["--json", "--history", "--real-time"] })).json();
    const [began, ended] = [events[0].timestamp, events.at(-1).timestamp].map(Date.parse);
    expect(began).toBeGreaterThan(Date.parse("2026-01-01T00:00:00.000Z"));
    expect(ended).toBeGreaterThanOrEqual((began ?? 0) + 1000);
  });

  it("tells people in words", async () => {
    const { out } = await aslRun({ definition: PASS, input: { n: 21 }, flags: ["--history"] });
    expect(out).toMatch(/^event +after +at +type\n1 +0 +2026-01-01T00:00:00.000Z +ExecutionStarted\n/);
    expect(out).toMatch(/\n\nSUCCEEDED\n42$/);
  });
});

describe("holdfast asl run takes", () => {
  it("a definition that is a JSON document in a JSON text", async () => {
    const definition = JSON.stringify(JSON.stringify(PASS));
    expect((await aslRun({ definition, input: { n: 1 } })).json()).toMatchObject({ output: 2 });
  });

  it.each<[string, string, string]>([
    ["cut off", '{"StartAt":', "INVALID_JSON_DESCRIPTION"],
    ["empty", "", "INVALID_JSON_DESCRIPTION"],
    ["a text that is no JSON", '"hello"', "INVALID_JSON_DESCRIPTION"],
    ["a list", "[]", "INVALID_JSON_DESCRIPTION"],
    ["null", "null", "INVALID_JSON_DESCRIPTION"],
    ["nested without end", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, "TOO_DEEPLY_NESTED"],
    [
      "a machine with a dangling Next",
      JSON.stringify(machine({ A: { Type: "Pass", Next: "B" } })),
      "MISSING_TRANSITION_TARGET",
    ],
    ["of 10 MB", JSON.stringify({ ...PASS, Comment: "x".repeat(10_000_000) }), "1048576"],
  ])("no definition that is %s", async (_, definition, expected) => {
    const said = await aslRun({ definition });
    expect(said.code).toBe(2);
    expect(said.json()).toEqual({
      status: "INVALID",
      error: "InvalidDefinition",
      cause: expect.stringContaining(expected),
    });
  });

  it.each([
    ["cut off", "{"],
    ["nested without end", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["of 10 MB", JSON.stringify("x".repeat(10_000_000))],
  ])("no input that is %s", async (_, input) => {
    const said = await aslRun({ definition: PASS, input });
    expect(said.code).toBe(2);
    expect(said.json()).toMatchObject({ status: "INVALID", error: "InvalidExecutionInput" });
  });

  it.each([
    ["cut off", "{"],
    ["not by state", []],
    ["without a list", { Work: { result: 1 } }],
    ["with both ends", { Work: [{ result: 1, error: "X", cause: "" }] }],
    ["with neither end", { Work: [{}] }],
  ])("no script of Tasks that is %s", async (_, tasks) => {
    const said = await aslRun({ definition: PASS, tasks });
    expect({ code: said.code, error: said.json().error.code }).toEqual({ code: 2, error: "asl-file-invalid" });
  });

  it("no file that is not there", async () => {
    const said = await cli.holdfast("asl", "run", "--definition", "no/such.json", "--input", "x.json", "--json");
    expect({ code: said.code, error: JSON.parse(said.out).error.code }).toEqual({ code: 2, error: "asl-file-missing" });
  });
});

/** Five of each class, spread over the recordings. */
const recordings = readRecorded<RecordedCase>("cases.jsonl");
const sample = (["pure", "task"] as const).flatMap((kind) => {
  const all = recordings.filter((recorded) => recorded.class === kind);
  return all.filter((_, index) => index % Math.floor(all.length / 5) === 0).slice(0, 5);
});

describe.skipIf(sample.length === 0)(
  "holdfast asl run ends as AWS did (../shared/asl-conformance, skipped where absent)",
  () => {
    it.each(sample)("$name", async (recorded) => {
      const tasks: Record<string, object[]> = {};
      for (const { state, result = null, error, cause = "" } of recorded.tasks) {
        tasks[state] ??= [];
        tasks[state].push(error === undefined ? { result } : { error, cause });
      }
      const definition = recorded.definition;
      const said = await aslRun({ definition, input: JSON.stringify(recorded.recordedInput ?? recorded.input), tasks });
      const { status, output, error, cause } = said.json();
      expect({ code: said.code, status, error, cause }).toEqual({
        code: 0,
        status: recorded.expectedStatus,
        error: recorded.expectedError,
        cause: recorded.expectedCause,
      });
      if (status === "SUCCEEDED") expect(matches(recorded.expectedOutput, output), said.out).toBe(true);
    });
  },
);
