import { isOutcome, type Outcome } from "./policies.ts";
import type { Step } from "./steps.ts";
import type { Value } from "./value.ts";
import { isWork } from "./work-steps.ts";

/** The outcomes that a step declares for its failure or rejection, each with where in the step it stands. */
export function declaredOutcomes(step: Step): { readonly outcome: Outcome; readonly at: string }[] {
  if (step.kind === "approval") return [{ outcome: step.onReject, at: "onReject" }];
  if (!(isWork(step) || step.kind === "subflow") || step.onFailure === undefined) return [];
  if (isOutcome(step.onFailure)) return [{ outcome: step.onFailure, at: "onFailure" }];
  return Object.entries(step.onFailure).map(([name, outcome]) => ({ outcome, at: `onFailure.${name}` }));
}

/** What may stand in for a step's output, each with where in the step it is declared. */
export function standIns(step: Step): { readonly value: Value; readonly at: string }[] {
  return declaredOutcomes(step).flatMap(({ outcome, at }) =>
    typeof outcome === "object" && "continueWith" in outcome
      ? [{ value: outcome.continueWith, at: `${at}.continueWith` }]
      : [],
  );
}
