import { SWEEP_SECONDS } from "../../../lib/contract/index.ts";
import type { Evidence, Invariant } from "../evidence.ts";
import { escalationsOf } from "./look-up.ts";

/** A sweep leaves alone what was touched shortly before; clocks differ by minutes at most. */
const LEFT_ALONE_MS = SWEEP_SECONDS * 1_000 + 15 * 60_000;

/** An escalation is decided once, whatever is heard of it stays true, and the run goes on with it: at once, or when it is swept. */
export const decidedOnce: Invariant = (evidence) => [...decidedAgain(evidence), ...decidedInVain(evidence)];

function decidedAgain(evidence: Evidence): string[] {
  return [...escalationsOf(evidence)].flatMap(([fact, { id }]) => {
    if (fact.kind !== "written" || fact.before?.answer === undefined) return [];
    return fact.after.answer === fact.before.answer
      ? []
      : [`${id} was ${fact.before.answer} and became ${fact.after.answer ?? "open"}`];
  });
}

/** Decisions that the run waited for to the end, and was never told. */
function decidedInVain(evidence: Evidence): string[] {
  const told = new Set(
    evidence.runs.flatMap(({ exits }) =>
      exits.flatMap(({ outcome }) => ("output" in outcome ? [String((outcome.output as { note?: string }).note)] : [])),
    ),
  );
  const decidedAt = new Map<string, { note: string; at: number; deadline: number; runId: string; path: string }>();
  for (const [fact, { id, incident, decision }] of escalationsOf(evidence)) {
    if (fact.kind !== "written" || decision === undefined || decidedAt.has(id)) continue;
    const { answer, deadline, runId } = fact.after;
    const note = String(JSON.parse(String(answer)).note);
    decidedAt.set(id, {
      note,
      at: fact.at,
      deadline: Date.parse(String(deadline)),
      runId: String(runId),
      path: incident.path,
    });
  }
  return [...decidedAt].flatMap(([id, { note, at, deadline, runId, path }]) => {
    if (told.has(note)) return [];
    const swept = evidence.facts.some(
      (fact) => fact.kind === "swept" && fact.begun > at + LEFT_ALONE_MS && fact.at < deadline,
    );
    if (!swept) return [];
    const run = evidence.runs.find((each) => each.runId === runId);
    const waitedOn = run?.exits.some(
      (exit) =>
        exit.kind === "question" &&
        exit.path === path &&
        "failed" in exit.outcome &&
        exit.outcome.failed === "States.Timeout" &&
        exit.deadline === deadline,
    );
    return waitedOn === true ? [`${id} was decided, and the run waited on until its time was up`] : [];
  });
}
