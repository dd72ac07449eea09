import type { Json } from "../../../contract/index.ts";
import type { Catcher, WorkState } from "../definition/model.ts";
import type { EventType } from "../history/events.ts";
import type { Failure } from "../interpreter/entry.ts";
import type { Part, Routine } from "../interpreter/fiber.ts";
import { type Frame, StateFailure } from "../interpreter/frame.ts";
import { decideFailure } from "../interpreter/retry.ts";
import { attemptMap } from "./map.ts";
import { attemptParallel } from "./parallel.ts";
import { leave, type Step } from "./step.ts";
import { attemptTask } from "./task.ts";

/** A state that may fail: attempts, with waits between them, until one succeeds, a Catch takes over or none is left. */
export function* runWork(frame: Frame, state: WorkState, parts?: readonly Part[]): Routine<Step> {
  const { host } = frame;
  const retries = state.retry.map(() => 0);
  for (;;) {
    const attempt = yield* tryAttempt(frame, state, frame.attempt === 0 ? parts : undefined);
    if (attempt.kind === "next") return attempt;
    const decision = decideFailure(state, attempt.failure, retries, host.surroundings.random);
    if (decision.kind === "fail") return attempt;
    if (decision.kind === "catch") return leaveByCatch(frame, decision.catcher, attempt.failure);
    retries[decision.retrier] = (retries[decision.retrier] ?? 0) + 1;
    frame.attempt += 1;
    host.begin(frame.fiber, { kind: "timer", at: host.now + decision.delayMs });
    yield;
  }
}

function* tryAttempt(frame: Frame, state: WorkState, parts: readonly Part[] | undefined): Routine<Step> {
  try {
    const result = yield* attemptWork(frame, state, parts);
    return leaveByResult(frame, state, result);
  } catch (error) {
    if (error instanceof StateFailure) return { kind: "failed", failure: error.failure };
    throw error;
  }
}

function attemptWork(frame: Frame, state: WorkState, parts: readonly Part[] | undefined): Routine<Json> {
  switch (state.type) {
    case "Task":
      return attemptTask(frame, state);
    case "Parallel":
      return recordFailure(frame, "ParallelStateFailed", attemptParallel(frame, state, parts));
    case "Map":
      return recordFailure(frame, "MapStateFailed", attemptMap(frame, state, parts));
  }
}

/** @throws StateFailure */
export const leaveByResult = (frame: Frame, state: WorkState, result: Json): Step =>
  leave(frame, state, { fallback: result, sight: { result }, next: state.next });

function* recordFailure(frame: Frame, type: EventType, attempt: Routine<Json>): Routine<Json> {
  try {
    return yield* attempt;
  } catch (error) {
    if (error instanceof StateFailure) {
      frame.emit(type);
      frame.settle();
    }
    throw error;
  }
}

/** @throws StateFailure */
export function leaveByCatch(frame: Frame, catcher: Catcher, { error, cause }: Failure): Step {
  const errorOutput = {
    ...(error === undefined ? {} : { Error: error }),
    ...(cause === undefined ? {} : { Cause: cause }),
  };
  return leave(frame, catcher, { fallback: errorOutput, sight: { errorOutput }, next: catcher.next });
}
