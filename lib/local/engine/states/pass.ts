import type { PassState } from "../definition/model.ts";
import type { Frame } from "../interpreter/frame.ts";
import { leave, type Step } from "./step.ts";

export const runPass = (frame: Frame, state: PassState): Step =>
  leave(frame, state, { fallback: frame.input, next: state.next });
