import { LAMBDA_GRACE_SECONDS } from "../../contract/index.ts";
import { secondsOf } from "../duration.ts";
import { maxItems } from "../schema-path.ts";
import type { Visit } from "../walk.ts";
import { isWork } from "../work-steps.ts";
import type { Problem } from "./problem.ts";

/** Longest run of a Lambda function (AWS Lambda quotas), less what a step needs to say that its time is up. */
const LONGEST_STEP_SECONDS = 900 - LAMBDA_GRACE_SECONDS;

/** What AWS bounds, what must be bounded for a worst case to exist, and what a run never gets to. */
export function checkLimits(visit: Visit): Problem[] {
  if (visit.kind === "end" && visit.nested) {
    return [
      {
        code: "end-inside-branch",
        path: visit.at,
        message: "A parallel branch or an item cannot end the run. Return an output, and choose after it.",
      },
    ];
  }
  if (visit.kind !== "step") return [];
  const { step, at, scope } = visit;
  if (visit.unreachable) {
    return [
      {
        code: "unreachable-step",
        path: at,
        message: `Every way to step ${step.name} ends the run before. Remove the step, or one of the ends.`,
      },
    ];
  }
  if (isWork(step) && secondsOf(step.timeout) > LONGEST_STEP_SECONDS) {
    return [
      {
        code: "timeout-too-long",
        path: `${at}.timeout`,
        message: `${step.timeout} is longer than a Lambda function may run. Allowed: up to ${LONGEST_STEP_SECONDS}s; split the step, or wait between two.`,
      },
    ];
  }
  if (step.kind === "each") {
    const items = scope.resolve(step.items);
    if (items.kind === "found" && maxItems(items.place.schema) === undefined) {
      return [
        {
          code: "each-unbounded",
          path: `${at}.items`,
          message: `${step.items.$from} must be a list whose schema has maxItems: without it no worst case can be known. Example: z.array(Line).max(100).`,
        },
      ];
    }
  }
  return [];
}
