import type { ChoiceState } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import type { Frame } from "../interpreter/frame.ts";
import { readField } from "./fields.ts";
import { leave, type Step } from "./step.ts";

/** The first rule whose condition holds decides, else the default. */
export function runChoice(frame: Frame, state: ChoiceState): Step {
  const { input } = frame;
  const rule = state.rules.find(({ condition }) => readField(frame, condition, "boolean"));
  if (rule !== undefined) return leave(frame, rule, { fallback: input, next: rule.next });
  if (state.default !== undefined) return leave(frame, state, { fallback: input, next: state.default });
  const cause = frame.causeOf("Failed to transition out of the state. The state does not point to a next state.");
  return { kind: "failed", failure: { error: StatesError.NoChoiceMatched, cause } };
}
