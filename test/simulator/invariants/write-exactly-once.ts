import type { Evidence, Invariant, RunEvidence } from "../evidence.ts";
import type { StepPlan } from "../handlers.ts";
import { committedSteps, effectsOf, planOf } from "./look-up.ts";

/** Every write action takes effect at most once, and exactly once when its step is committed. */
export const writeExactlyOnce: Invariant = (evidence) => [
  ...repeatedEffects(evidence),
  ...evidence.runs.flatMap((run) => missingEffects(evidence, run)),
];

function repeatedEffects(evidence: Evidence): string[] {
  const counts = new Map<string, number>();
  for (const { idempotencyKey, runId, path, action, deduplicated } of effectsOf(evidence)) {
    const key = [runId, path, action, idempotencyKey].join(" ");
    if (!deduplicated) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count > 1).map(([key, count]) => `${key} took effect ${count} times`);
}

function missingEffects(evidence: Evidence, run: RunEvidence): string[] {
  const done = new Set(
    effectsOf(evidence)
      .filter(({ runId }) => runId === run.runId)
      .map(({ path, action }) => `${path} ${action}`),
  );
  return committedSteps(evidence, run.runId).flatMap(({ path }) => {
    const plan: StepPlan | undefined = planOf(run, path);
    if (plan?.writes !== true) return [];
    const missing = plan.actions.filter(({ key }) => !done.has(`${path} ${key}`));
    return missing.map(({ key }) => `${run.runId} ${path} is committed, and its action ${key} never took effect`);
  });
}
