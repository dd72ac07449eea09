import type { SucceedState } from "../definition/model.ts";
import type { Frame } from "../interpreter/frame.ts";
import { leave, type Step } from "./step.ts";

export const runSucceed = (frame: Frame, state: SucceedState): Step =>
  leave(frame, state, { fallback: frame.input, next: undefined });
