import { type AgentDocument, allSteps, type Step, secondsOf } from "../../definition/index.ts";
import { iso } from "./failed-tries.ts";
import type { StepVisit } from "./places.ts";

export const stepNamed = ({ steps }: AgentDocument, name: string): Step | undefined =>
  [...allSteps(steps)].find((step) => step.name === name);

/** Until when a wait lasts, as ISO 8601; null where only the run knows. */
export function endOfWait(document: AgentDocument, { step: name, visit }: StepVisit): string | null {
  const step = stepNamed(document, name);
  return step?.kind === "wait" && step.for !== undefined ? iso(visit.enteredAt + secondsOf(step.for) * 1_000) : null;
}
