import type { FailState } from "../definition/model.ts";
import type { Frame } from "../interpreter/frame.ts";
import { readOptional } from "./fields.ts";
import type { Step } from "./step.ts";

export function runFail(frame: Frame, state: FailState): Step {
  const error = readOptional(frame, state.error, "string");
  const cause = readOptional(frame, state.cause, "string");
  const failure = { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) };
  return { kind: "failed", failure };
}
