import type { JsonObject } from "../../../contract/index.ts";
import type { WorkState } from "../definition/model.ts";
import type { Frame } from "../interpreter/frame.ts";
import { readOptional } from "../states/fields.ts";

/** What a state has evaluated before its work begins, as TestState shows it. @throws StateFailure */
export function inspectWork(frame: Frame, state: WorkState): JsonObject {
  if (state.type !== "Map")
    return state.arguments === undefined ? {} : { afterArguments: frame.evaluate(state.arguments) };
  const count = readOptional(frame, state.toleratedFailureCount, "number");
  const percentage = readOptional(frame, state.toleratedFailurePercentage, "number");
  return {
    maxConcurrency: readOptional(frame, state.maxConcurrency, "number") ?? 0,
    ...(count === undefined ? {} : { toleratedFailureCount: count }),
    ...(percentage === undefined ? {} : { toleratedFailurePercentage: percentage }),
  };
}
