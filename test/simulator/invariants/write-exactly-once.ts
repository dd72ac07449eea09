import { isDeepStrictEqual } from "node:util";
import type { Evidence, Invariant, RunEvidence } from "../evidence.ts";
import type { StepPlan } from "../handlers.ts";
import { writesOf } from "../loops.ts";
import { callsOf, committedSteps, effectsOf, planOf, stepOf } from "./look-up.ts";

/**
 * Every write action takes effect at most once, and exactly once when its step is committed; and so does every call that
 * writes of a loop, in the order in which its model asked.
 */
export const writeExactlyOnce: Invariant = (evidence) => [
  ...repeatedEffects(evidence),
  ...evidence.runs.flatMap((run) => [...missingEffects(evidence, run), ...otherCalls(evidence, run)]),
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

function otherCalls(evidence: Evidence, run: RunEvidence): string[] {
  const { runId, loops } = run;
  const committed = new Set(committedSteps(evidence, runId).map(({ path }) => path));
  return [...loops].flatMap(([path, plan]) => {
    const made = callsOf(evidence, runId, path).map(({ tool, input }) => ({ tool, input }));
    const step = stepOf(run, path);
    const asked = writesOf(plan, step?.kind === "reason" ? step.tools : []);
    const expected = committed.has(path) ? asked : asked.slice(0, made.length);
    if (isDeepStrictEqual(made, expected)) return [];
    return [
      `${runId} ${path} has written ${JSON.stringify(made)}, and its model asked for ${JSON.stringify(expected)}`,
    ];
  });
}
