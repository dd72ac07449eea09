import type { Json } from "../../../lib/contract/index.ts";
import { defaultLadder } from "../../../lib/definition/index.ts";
import type { Incident } from "../../../lib/runtime/index.ts";
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
      const place = placeOf(String(fact.after.runId), escalation.incident);
      if (escalation.decision === "approve") approved.add(place);
      else approved.delete(place);
    }
    if (fact.kind === "returned") {
      const place = approvedBySilence(fact.payload, fact.result, runs, escalations);
      if (place !== undefined) approved.add(place);
    }
    if (fact.kind !== "effect" || fact.effect.undo || fact.effect.deduplicated) return [];
    const { runId, path, action, call } = fact.effect;
    const run = runs.get(runId);
    if (run === undefined) return [];
    const place = `${runId} ${path}${call === undefined ? "" : ` ${action}:asked`}`;
    if (!isGated(run, path, call?.tool) || approved.has(place)) return [];
    return [`${runId} ${path} ${action} took effect, and nobody had approved it`];
  });
};

/** The place that a ladder approves by its document, when nobody answers in time. */
function approvedBySilence(
  payload: Json,
  result: Json,
  runs: ReadonlyMap<string, RunEvidence>,
  escalations: ReturnType<typeof escalationsOf>,
): string | undefined {
  const { silence } = payload as { silence?: { runId: string; path: string; ladder: string; openedAt: string } };
  const { decision } = (result ?? {}) as { decision?: string };
  if (silence === undefined || decision !== "approve") return undefined;
  const declared = runs.get(silence.runId)?.agent.escalations[silence.ladder]?.otherwise;
  if (declared !== "approve") return undefined;
  const asked = [...escalations].find(
    ([fact, { incident }]) =>
      fact.kind === "written" &&
      fact.after.runId === silence.runId &&
      fact.after.openedAt === silence.openedAt &&
      incident.path === silence.path,
  );
  return asked === undefined ? undefined : placeOf(silence.runId, asked[1].incident);
}

/** What an approval is for: a step, or one call of a loop. */
const placeOf = (runId: string, { path, call }: Incident) =>
  `${runId} ${path}${call === undefined ? "" : ` ${call.asked}`}`;

function isGated(run: RunEvidence, path: string, tool: string | undefined): boolean {
  const step = stepOf(run, path);
  const write = tool === undefined ? step : run.agent.tools[tool];
  if (write === undefined || !("effect" in write) || write.effect !== "write") return false;
  return write.gate === undefined ? defaultLadder(run.agent) !== undefined : "ladder" in write.gate;
}
