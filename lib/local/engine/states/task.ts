import type { Json } from "../../../contract/index.ts";
import type { TaskState } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import type { Template } from "../expression/template.ts";
import type { Outcome } from "../interpreter/entry.ts";
import type { Routine } from "../interpreter/fiber.ts";
import { type Frame, StateFailure } from "../interpreter/frame.ts";
import type { TaskCall } from "../interpreter/work.ts";
import { readOptional } from "./fields.ts";
import { type TaskEvents, type TaskLimits, taskEvents } from "./task-events.ts";

/** One attempt of a Task: its result. @throws StateFailure */
export function* attemptTask(frame: Frame, state: TaskState): Routine<Json> {
  const { host, fiber } = frame;
  frame.token = state.resource.completion === "token" ? host.newToken() : undefined;
  const parameters = frame.limitSize(state.arguments === undefined ? frame.input : frame.evaluate(state.arguments));
  const limits = readLimits(frame, state);
  const roleArn = readOptional(frame, state.roleArn, "string");
  const events = taskEvents(frame, state.resource);
  const scheduledEventId = events.scheduled(parameters, limits, roleArn);
  const call: TaskCall = {
    resource: state.resource,
    arguments: parameters,
    stateName: state.name,
    attempt: frame.attempt,
    scheduledEventId,
    ...(frame.token === undefined ? {} : { token: frame.token }),
  };
  const id = host.begin(fiber, { kind: "call", call });
  const outcome = yield* awaitOutcome(frame, { id, call, limits, events });
  frame.settle();
  if ("failure" in outcome) throw new StateFailure(outcome.failure);
  return outcome.result;
}

function readLimits(frame: Frame, state: TaskState): TaskLimits {
  const timeout = readSeconds(frame, state.timeoutSeconds, "TimeoutSeconds");
  const heartbeat = readSeconds(frame, state.heartbeatSeconds, "HeartbeatSeconds");
  return {
    ...(timeout === undefined ? {} : { timeoutInSeconds: timeout }),
    ...(heartbeat === undefined ? {} : { heartbeatInSeconds: heartbeat }),
  };
}

const LONGEST_SECONDS = 99_999_999;

function readSeconds(frame: Frame, template: Template | undefined, field: string): number | undefined {
  const seconds = readOptional(frame, template, "number");
  if (seconds === undefined || (seconds >= 1 && seconds <= LONGEST_SECONDS)) return seconds && Math.floor(seconds);
  return frame.failEvaluation(`${field} must be from 1 to ${LONGEST_SECONDS} but was: ${seconds}`, field);
}

interface Pending {
  readonly id: number;
  readonly call: TaskCall;
  readonly limits: TaskLimits;
  readonly events: TaskEvents;
}

/** Waits for the answer, the time-out or the missed heartbeat, whichever comes first, and records it. */
function* awaitOutcome(frame: Frame, pending: Pending): Routine<Outcome> {
  const { host, fiber } = frame;
  const { id, call, limits, events } = pending;
  const startTimer = (seconds: number | undefined) =>
    seconds === undefined
      ? undefined
      : host.begin(fiber, { kind: "timer", at: host.now + seconds * 1000, isLimit: true });
  const timeout = startTimer(limits.timeoutInSeconds);
  let heartbeat = startTimer(limits.heartbeatInSeconds);
  try {
    for (;;) {
      const signal = yield;
      if (signal.kind === "timer") {
        const error = signal.work === heartbeat ? StatesError.HeartbeatTimeout : StatesError.Timeout;
        events.timedOut(error);
        return { failure: { error } };
      }
      if (signal.kind === "heartbeat" && heartbeat !== undefined) {
        host.cancel(heartbeat);
        heartbeat = startTimer(limits.heartbeatInSeconds);
      }
      if (signal.kind !== "response" && signal.kind !== "completion") continue;
      const outcome = limitOutcome(frame, signal.outcome);
      if ("failure" in outcome) {
        events.failed(outcome.failure);
        return outcome;
      }
      if (signal.kind === "completion" || call.resource.completion === "response") {
        events.succeeded(outcome.result);
        return outcome;
      }
      events.submitted(outcome.result);
      host.become(
        id,
        call.resource.completion === "token"
          ? { kind: "token", call }
          : { kind: "job", call, response: outcome.result },
      );
    }
  } finally {
    for (const work of [id, timeout, heartbeat]) if (work !== undefined) host.cancel(work);
  }
}

function limitOutcome(frame: Frame, outcome: Outcome): Outcome {
  const failure = "result" in outcome ? frame.sizeFailure(outcome.result) : undefined;
  return failure === undefined ? outcome : { failure };
}
