import { describe, expect, it } from "vitest";
import type { Json } from "../../../lib/contract/index.ts";
import type { TaskRegistry } from "../../../lib/local/engine/index.ts";
import { RunSegments } from "../../../lib/local/tracing/run-segments.ts";
import { SegmentDocument } from "../../segment-document.ts";
import { runMachine, scriptedTasks } from "../engine/run-machine.ts";

const RUN = { runId: "desk-1", agent: "desk", traceId: "1-67891233-abcdef012345678912345678" };
const invoke = (FunctionName: string, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName, Payload: { path: `lines#2/${FunctionName}`, secret: "4711" } },
  End: true,
  ...more,
});
const machine = (States: object, StartAt = Object.keys(States)[0]) =>
  ({ QueryLanguage: "JSONata", StartAt, States }) as Json;

/** What is known in the end of an execution, by name. Every document is one that X-Ray takes. */
async function segmentsOf(definition: Json, tasks?: TaskRegistry) {
  const { history } = await runMachine(definition, tasks === undefined ? {} : { tasks });
  const segments = new RunSegments(RUN);
  const latest = new Map(
    history.flatMap((event) => segments.read(event)).map((document) => [document.id, SegmentDocument.parse(document)]),
  );
  const all = [...latest.values()];
  expect(all.filter(({ annotations }) => annotations?.run !== "desk-1")).toEqual([]);
  const ids = new Set([undefined, ...all.map(({ id }) => id)]);
  expect(all.filter(({ parent_id }) => !ids.has(parent_id))).toEqual([]);
  expect(JSON.stringify(all)).not.toContain("4711");
  return { all, of: (name: string) => all.filter((document) => document.name === name), isClosed: segments.isClosed };
}

describe("what history tells of a run", () => {
  it("is a segment of the machine, its states, and the functions that they call", async () => {
    const states = machine({
      prepare: { Type: "Pass", Next: "match" },
      match: invoke("match"),
    });
    const { all, of, isClosed } = await segmentsOf(states, scriptedTasks({ match: [{ result: { Payload: {} } }] }));
    expect(isClosed).toBe(true);
    const [desk] = of("desk");
    expect(desk).toMatchObject({ origin: "AWS::StepFunctions::StateMachine", trace_id: RUN.traceId });
    expect(desk?.parent_id).toBeUndefined();
    expect(of("prepare")).toMatchObject([{ type: "subsegment", parent_id: desk?.id }]);
    const [state, invocation] = of("match");
    expect(state).toMatchObject({ type: "subsegment", namespace: "aws", parent_id: desk?.id });
    expect(invocation).toMatchObject({
      origin: "AWS::Lambda::Function",
      parent_id: state?.id,
      annotations: { attempt: 1, path: "lines#2/match" },
    });
    expect(all.every(({ end_time: end }) => end !== undefined)).toBe(true);
  });

  it("shows every attempt, and why it failed", async () => {
    const retry = { Retry: [{ ErrorEquals: ["Holdfast.Transient"], MaxAttempts: 2, IntervalSeconds: 10 }] };
    const cause = JSON.stringify({ errorMessage: "step-timed-out: It took 4711 s." });
    const failure = { error: "Holdfast.Transient", cause };
    const tasks = scriptedTasks({ match: [failure, failure, { result: {} }] });
    const { of } = await segmentsOf(machine({ match: invoke("match", retry) }), tasks);
    const [state, ...attempts] = of("match");
    expect(attempts.map(({ annotations }) => annotations?.attempt)).toEqual([1, 2, 3]);
    expect(attempts[1]).toMatchObject({
      fault: true,
      annotations: { error_class: "Holdfast.Transient", error_code: "step-timed-out" },
      cause: { exceptions: [{ type: "Holdfast.Transient", message: "step-timed-out" }] },
    });
    expect(state?.fault).toBeUndefined();
    expect((state?.end_time ?? 0) - (state?.start_time ?? 0)).toBe(30);
  });

  it("ends what was given up when a branch beside it failed", async () => {
    const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });
    const both = {
      Type: "Parallel",
      Branches: [
        branch("broken", { Type: "Fail", Error: "Broken 4711", Cause: "4711" }),
        branch("slow", { Type: "Wait", Seconds: 100, End: true }),
      ],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "after" }],
      End: true,
    };
    const { of, all } = await segmentsOf(machine({ both, after: { Type: "Wait", Seconds: 50, End: true } }, "both"));
    const [parallel] = of("both");
    expect(of("slow")).toMatchObject([{ parent_id: parallel?.id, end_time: parallel?.end_time }]);
    expect(all.every(({ end_time: end }) => end !== undefined)).toBe(true);
  });

  it("ends the call of a function that hands out a token when it answers, not when people do", async () => {
    const ask = invoke("ask", {
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      TimeoutSeconds: 3_600,
    });
    const { of } = await segmentsOf(machine({ ask }), scriptedTasks({ ask: [{ result: {} }] }));
    const [state, call] = of("ask");
    expect((state?.end_time ?? 0) - (state?.start_time ?? 0)).toBe(3_600);
    expect(state).toMatchObject({ fault: true, annotations: { error_class: "States.Timeout" } });
    expect(call?.end_time).toBe(call?.start_time);
    expect(call?.fault).toBeUndefined();
  });

  it("says the same under the same ids whenever it is read", async () => {
    const { history } = await runMachine(
      machine({ a: { Type: "Wait", Seconds: 1, Next: "b" }, b: { Type: "Pass", End: true } }),
    );
    const read = () => {
      const segments = new RunSegments(RUN);
      return history.flatMap((event) => segments.read(event));
    };
    expect(read()).toEqual(read());
    const ofAnother = new RunSegments({ ...RUN, runId: "desk-2" });
    const ids = new Set(read().map(({ id }) => id));
    expect(history.flatMap((event) => ofAnother.read(event)).filter(({ id }) => ids.has(id))).toEqual([]);
  });
});
