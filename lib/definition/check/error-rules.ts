import { covers } from "../error-rules.ts";
import type { Visit } from "../walk.ts";
import { isWork } from "../work-steps.ts";
import type { Problem } from "./problem.ts";

/** Every rule of a step can match: the first match wins, so one behind a broader one never would. */
export function checkErrorRules(visit: Visit): Problem[] {
  if (visit.kind !== "step" || !isWork(visit.step)) return [];
  const { step, at } = visit;
  return step.errors.flatMap((rule, index): Problem[] => {
    const before = step.errors.slice(0, index).findIndex((earlier) => covers(earlier, rule));
    if (before === -1) return [];
    return [
      {
        code: "unreachable-rule",
        path: `${at}.errors[${index}]`,
        message: `errors[${index}] of step ${step.name} never matches: errors[${before}] matches all that it would, and the first match wins. Remove it, or move it before the other.`,
      },
    ];
  });
}
