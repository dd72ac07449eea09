import { isObject, type Json, type JsonObject, listOf, objectOf } from "../../../contract/index.ts";
import { seededChance } from "../../seeded-chance.ts";
import { compileMachine } from "../definition/compile.ts";
import type { State, WaitState, WorkState } from "../definition/model.ts";
import { toJson } from "../expression/to-json.ts";
import { History } from "../history/history.ts";
import type { Failure } from "../interpreter/entry.ts";
import { Fiber } from "../interpreter/fiber.ts";
import { Frame, StateFailure } from "../interpreter/frame.ts";
import { decideFailure } from "../interpreter/retry.ts";
import { Scope } from "../interpreter/scope.ts";
import { runSimple } from "../states/run-state.ts";
import type { Step } from "../states/step.ts";
import { leaveWait, wakeTime } from "../states/wait.ts";
import { leaveByCatch, leaveByResult } from "../states/work.ts";
import { inspectWork } from "./inspect-work.ts";
import { loneHost } from "./lone-host.ts";

/** As AWS's TestState takes it. */
export interface TestStateRequest {
  /** One state; or a whole machine, with `stateName`. */
  readonly definition: Json;
  readonly stateName?: string;
  readonly input?: Json;
  /** What a Task, a Parallel or a Map ends with; nothing is ever called. */
  readonly mock?: Mock;
  readonly variables?: JsonObject;
  /** Replaces parts of the context object. */
  readonly context?: JsonObject;
  readonly stateConfiguration?: { readonly retrierRetryCount?: number };
  /** @default "INFO", which inspects nothing */
  readonly inspectionLevel?: "INFO" | "DEBUG" | "TRACE";
}

export interface Mock {
  /** JSON text. */
  readonly result?: string;
  readonly errorOutput?: { readonly error?: string; readonly cause?: string };
}

/** As AWS's TestState answers. */
export interface TestStateResponse {
  readonly status: "SUCCEEDED" | "FAILED" | "RETRIABLE" | "CAUGHT_ERROR";
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly nextState?: string;
  readonly inspectionData?: JsonObject;
}

/**
 * What a state does with an input, without running anything around it.
 *
 * Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
 *
 * @throws InvalidDefinition
 * @throws TypeError for a Task, a Parallel or a Map without a mock, and for an unknown `stateName`.
 */
export function testState(request: TestStateRequest): TestStateResponse {
  const state = findState(request);
  const scope = new Scope();
  scope.assign(toJson(request.variables ?? {}).value as JsonObject, { together: Infinity, all: Infinity });
  const input = toJson(request.input ?? {}).value;
  const fiber = new Fiber(undefined, scope, new History(false), undefined, 0);
  const frame = new Frame(loneHost(input, request.context), fiber, state, input);
  frame.attempt = request.stateConfiguration?.retrierRetryCount ?? 0;
  frame.enter();
  const tested = test(frame, request);
  const inspected = request.inspectionLevel === "DEBUG" || request.inspectionLevel === "TRACE";
  if (!inspected) return tested.response;
  const variables = request.variables === undefined ? {} : { variables: toJson(scope.addTo({})).value };
  return { ...tested.response, inspectionData: { input, ...variables, ...tested.inspection } };
}

/** The name that AWS gives a state that comes without one. */
const UNNAMED = "StateName";

function findState({ definition, stateName }: TestStateRequest): State {
  const given = objectOf(definition);
  const machine = isObject(given.States) ? given : machineOf(given);
  const name = stateName ?? UNNAMED;
  const state = compileMachine(machine).states.get(name);
  if (state === undefined) throw new TypeError(`The definition has no state ${name}.`);
  return state;
}

/** The state, and an end for each of its transitions. */
function machineOf(state: JsonObject): JsonObject {
  const nested = [...listOf(state.Choices), ...listOf(state.Catch)].map((rule) => objectOf(rule).Next);
  const targets = [state.Next, state.Default, ...nested].filter((target) => typeof target === "string");
  const ends = Object.fromEntries(targets.map((target) => [target, { Type: "Succeed", QueryLanguage: "JSONata" }]));
  return { StartAt: UNNAMED, States: { ...ends, [UNNAMED]: state } };
}

interface Tested {
  readonly response: TestStateResponse;
  readonly inspection: JsonObject;
}

function test(frame: Frame, request: TestStateRequest): Tested {
  const { state } = frame;
  if (state.type === "Task" || state.type === "Parallel" || state.type === "Map")
    return testWork(frame, state, request);
  const step = attempt(() => (state.type === "Wait" ? testWait(frame, state) : runSimple(frame, state)));
  return { response: responseOf(step), inspection: {} };
}

/** Nobody waits, but what the wait depends on is evaluated. */
function testWait(frame: Frame, state: WaitState): Step {
  wakeTime(frame, state);
  return leaveWait(frame, state);
}

function testWork(frame: Frame, state: WorkState, { mock }: TestStateRequest): Tested {
  if (mock === undefined) throw new TypeError(`A ${state.type} state is tested with a mock; nothing is called here.`);
  let inspection: JsonObject = {};
  const step = attempt(() => {
    inspection = inspectWork(frame, state);
    if (mock.errorOutput !== undefined) throw new StateFailure(mock.errorOutput);
    return leaveByResult(frame, state, toJson(JSON.parse(mock.result ?? "null")).value);
  });
  if (step.kind === "next") return { response: responseOf(step), inspection };
  return testFailure(frame, state, { failure: step.failure, inspection });
}

function testFailure(
  frame: Frame,
  state: WorkState,
  { failure, inspection }: { failure: Failure; inspection: JsonObject },
): Tested {
  const retries = state.retry.map(() => frame.attempt);
  const decision = decideFailure(state, failure, retries, seededChance("").random);
  switch (decision.kind) {
    case "retry": {
      const errorDetails = { retryIndex: decision.retrier, retryBackoffIntervalSeconds: decision.delayMs / 1000 };
      return { response: { status: "RETRIABLE", ...failure }, inspection: { ...inspection, errorDetails } };
    }
    case "catch": {
      const caught = responseOf(attempt(() => leaveByCatch(frame, decision.catcher, failure)));
      const response: TestStateResponse =
        caught.status === "SUCCEEDED" ? { ...caught, ...failure, status: "CAUGHT_ERROR" } : caught;
      return { response, inspection: { ...inspection, errorDetails: { catchIndex: decision.index } } };
    }
    case "fail":
      return { response: { status: "FAILED", ...failure }, inspection };
  }
}

function attempt(run: () => Step): Step {
  try {
    return run();
  } catch (error) {
    if (error instanceof StateFailure) return { kind: "failed", failure: error.failure };
    throw error;
  }
}

function responseOf(step: Step): TestStateResponse {
  if (step.kind === "failed") return { status: "FAILED", ...step.failure };
  return { status: "SUCCEEDED", output: step.output, ...(step.next === undefined ? {} : { nextState: step.next }) };
}
