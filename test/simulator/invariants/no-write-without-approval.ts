import { defaultLadder } from "../../../lib/definition/index.ts";
import type { Invariant, RunEvidence } from "../evidence.ts";
import { escalationsOf, stepOf } from "./look-up.ts";

/** A gated write takes effect only after people have approved it, and have not rejected it since. */
export const noWriteWithoutApproval: Invariant = (evidence) => {
  const approved = new Set<string>();
  const runs = new Map(evidence.runs.map((run) => [run.runId, run]));
  const escalations = escalationsOf(evidence);
  return evidence.facts.flatMap((fact) => {
    if (fact.kind === "written") {
      const escalation = escalations.get(fact);
      const isNew = escalation?.decision !== undefined && fact.before?.answer === undefined;
      if (!isNew || escalation.incident.kind !== "gate") return [];
      const place = `${fact.after.runId} ${escalation.incident.path}`;
      if (escalation.decision === "approve") approved.add(place);
      else approved.delete(place);
    }
    if (fact.kind !== "effect" || fact.effect.undo || fact.effect.deduplicated) return [];
    const { runId, path, action } = fact.effect;
    const run = runs.get(runId);
    if (run === undefined || !isGated(run, path) || approved.has(`${runId} ${path}`)) return [];
    return [`${runId} ${path} ${action} took effect, and nobody had approved it`];
  });
};

function isGated(run: RunEvidence, path: string): boolean {
  const step = stepOf(run, path);
  if (step?.effect !== "write") return false;
  return step.gate === undefined ? defaultLadder(run.agent) !== undefined : "ladder" in step.gate;
}
