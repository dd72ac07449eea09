import type { Evidence, Invariant, RunEvidence } from "../evidence.ts";
import { escalationsOf } from "./look-up.ts";

/** What a run and its subflows have really taken is never more than its budget, and what people have added to it. */
export const budgetNeverExceeded: Invariant = (evidence) => {
  const raised = raises(evidence);
  return evidence.runs.flatMap((run) => {
    const { tokens } = run.agent.budget;
    if (tokens === undefined) return [];
    const family = new Set(familyOf(evidence, run).map(({ runId }) => runId));
    const allowed = tokens + sum([...raised].flatMap(([runId, amounts]) => (family.has(runId) ? amounts : [])));
    const spent = sum(
      evidence.facts.flatMap((fact) => (fact.kind === "spent" && family.has(fact.runId) ? fact.tokens : [])),
    );
    return spent > allowed ? [`${run.runId} took ${spent} tokens, and was allowed ${allowed}`] : [];
  });
};

/** A run and those that run as its subflows. */
const familyOf = ({ runs }: Evidence, { runId }: RunEvidence): readonly RunEvidence[] =>
  runs.filter((run) => run.runId === runId || run.parent === runId);

/** What people have added to the budgets of runs, each decision once. */
function raises(evidence: Evidence): ReadonlyMap<string, number[]> {
  const seen = new Set<string>();
  const found = new Map<string, number[]>();
  for (const [fact, { id }] of escalationsOf(evidence)) {
    if (fact.kind !== "written" || fact.after.raise === undefined || seen.has(id)) continue;
    seen.add(id);
    const runId = String(fact.after.runId);
    found.set(runId, [...(found.get(runId) ?? []), Number(JSON.parse(String(fact.after.raise)).tokens)]);
  }
  return found;
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0);
