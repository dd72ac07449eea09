import type { Json } from "../../../contract/index.ts";
import type { ParallelState } from "../definition/model.ts";
import type { Part, Routine } from "../interpreter/fiber.ts";
import { type Frame, StateFailure } from "../interpreter/frame.ts";
import { Parts } from "./parts.ts";

/**
 * All branches at once: the list of their outputs. The first to fail stops the others.
 *
 * @param resume what the branches had come to before a redrive.
 * @throws StateFailure
 */
export function* attemptParallel(frame: Frame, state: ParallelState, resume?: readonly Part[]): Routine<Json> {
  const { fiber } = frame;
  const input = state.arguments === undefined ? frame.input : frame.limitSize(frame.evaluate(state.arguments));
  frame.emit("ParallelStateStarted");
  const { previous } = fiber;
  const parts = new Parts(frame, state.branches.length, resume);
  for (const index of parts.waiting) {
    const region = state.branches[index];
    if (region !== undefined) parts.start(index, { region, input, previous, apart: false });
  }
  try {
    yield* joinBranches(frame, parts);
  } finally {
    parts.keep();
  }
  const output = frame.limitSize(parts.outputs);
  frame.settle();
  frame.emitAside("ParallelStateSucceeded");
  return output;
}

function* joinBranches(frame: Frame, parts: Parts): Routine<void> {
  while (parts.running > 0) {
    const signal = yield;
    if (signal.kind !== "settled") continue;
    const { child } = signal;
    parts.take(child);
    frame.fiber.previous = child.previous;
    if (child.end?.kind !== "failed") continue;
    parts.stop();
    throw new StateFailure(child.end.failure);
  }
}
