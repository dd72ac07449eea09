import type { WaitState } from "../definition/model.ts";
import type { Routine } from "../interpreter/fiber.ts";
import type { Frame } from "../interpreter/frame.ts";
import { readField } from "./fields.ts";
import { leave, type Step } from "./step.ts";

/** RFC 3339 as the Amazon States Language has it: upper-case T, and a zone. */
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const LONGEST_SECONDS = 99_999_999;

export function* runWait(frame: Frame, state: WaitState): Routine<Step> {
  const at = wakeTime(frame, state);
  if (at > frame.host.now) {
    frame.host.begin(frame.fiber, { kind: "timer", at });
    yield;
    frame.settle();
  }
  return leaveWait(frame, state);
}

/** @throws StateFailure */
export const leaveWait = (frame: Frame, state: WaitState): Step =>
  leave(frame, state, { fallback: frame.input, next: state.next });

/** Milliseconds since the epoch. @throws StateFailure */
export function wakeTime(frame: Frame, state: WaitState): number {
  const { kind, template } = state.until;
  if (kind === "seconds") {
    const seconds = Math.floor(readField(frame, template, "number"));
    if (seconds >= 0 && seconds <= LONGEST_SECONDS) return frame.host.now + seconds * 1000;
    return frame.failEvaluation(`Seconds must be from 0 to ${LONGEST_SECONDS} but was: ${seconds}`, "Seconds");
  }
  const timestamp = readField(frame, template, "string");
  const time = TIMESTAMP.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  return frame.failEvaluation(`Timestamp must be an RFC 3339 timestamp but was: ${timestamp}`, "Timestamp");
}
