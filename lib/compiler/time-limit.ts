import { LONGEST_RUN_SECONDS } from "../contract/index.ts";
import { type AgentDocument, longestWait, secondsOf } from "../definition/index.ts";

/**
 * After how many seconds Step Functions ends a run, whatever it does. A step refuses to begin once the budget's wallClock
 * is passed, which people can answer; this is the end that nothing can catch, so it leaves them the time of the longest
 * ladder, and to the run as much again as it had.
 */
export function timeLimit({ budget, escalations }: AgentDocument): number | undefined {
  if (budget.wallClock === undefined) return undefined;
  const ladders = Object.values(escalations).map(({ tiers }) =>
    tiers.reduce((sum, tier) => sum + longestWait(tier), 0),
  );
  return Math.min(2 * (secondsOf(budget.wallClock) + Math.max(0, ...ladders)), LONGEST_RUN_SECONDS);
}
