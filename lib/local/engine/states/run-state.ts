import type { Json } from "../../../contract/index.ts";
import type { State, WaitState, WorkState } from "../definition/model.ts";
import type { Fiber, Part, Routine } from "../interpreter/fiber.ts";
import { Frame, type Host, StateFailure } from "../interpreter/frame.ts";
import { runChoice } from "./choice.ts";
import { runFail } from "./fail.ts";
import { runPass } from "./pass.ts";
import type { Step } from "./step.ts";
import { runSucceed } from "./succeed.ts";
import { runWait } from "./wait.ts";
import { runWork } from "./work.ts";

/** One visit to a state, from its entry to where it leads. */
export function* runState(host: Host, fiber: Fiber, state: State, visit: Visit): Routine<Step> {
  try {
    return yield* run(host, fiber, state, visit);
  } catch (error) {
    if (error instanceof StateFailure) return { kind: "failed", failure: error.failure };
    throw error;
  }
}

interface Visit {
  readonly input: Json;
  /** What the parts of the state had come to before a redrive. */
  readonly parts?: readonly Part[];
}

function* run(host: Host, fiber: Fiber, state: State, { input, parts }: Visit): Routine<Step> {
  const frame = new Frame(host, fiber, state, input);
  frame.enter();
  switch (state.type) {
    case "Wait":
      return yield* runWait(frame, state);
    case "Task":
    case "Parallel":
    case "Map":
      return yield* runWork(frame, state, parts);
    default:
      return runSimple(frame, state);
  }
}

/** A visit that takes no time. @throws StateFailure */
export function runSimple(frame: Frame, state: Exclude<State, WaitState | WorkState>): Step {
  switch (state.type) {
    case "Pass":
      return runPass(frame, state);
    case "Choice":
      return runChoice(frame, state);
    case "Succeed":
      return runSucceed(frame, state);
    case "Fail":
      return runFail(frame, state);
  }
}
