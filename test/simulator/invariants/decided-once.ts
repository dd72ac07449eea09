import { SWEEP_SECONDS } from "../../../lib/contract/index.ts";
import type { Evidence, Invariant, RunEvidence } from "../evidence.ts";
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

interface Decided {
  readonly id: string;
  readonly note: string;
  readonly at: number;
  readonly deadline: number;
  readonly openedAt: string;
  readonly path: string;
  readonly run: RunEvidence;
}

/** Decisions of which the run was told another thing, or too late. */
const decidedInVain = (evidence: Evidence): string[] =>
  decisionsOf(evidence).flatMap((decided) => [
    ...overruled(decided),
    ...(wasSwept(evidence, decided) ? waitedOn(decided) : []),
  ]);

/** The time of the tier was ended as if nobody had decided, though somebody had, or does afterwards. */
const overruled = ({ id, note, openedAt, path, run }: Decided): string[] =>
  run.exits.flatMap((exit) => {
    if (exit.kind !== "silence" || exit.path !== path || exit.openedAt !== openedAt) return [];
    if (!("output" in exit.outcome)) return [];
    const told = exit.outcome.output as { decision: string; note?: string };
    return told.note === note ? [] : [`${id} was decided, and the run was told ${told.decision}`];
  });

/** The run was not told for so long that its time was up. */
const waitedOn = ({ id, path, openedAt, run }: Decided): string[] =>
  run.exits.some(
    (exit) =>
      exit.kind === "question" &&
      exit.path === path &&
      "failed" in exit.outcome &&
      exit.outcome.failed === "States.Timeout" &&
      exit.openedAt === openedAt,
  )
    ? [`${id} was decided, and the run waited on until its time was up`]
    : [];

const wasSwept = ({ facts }: Evidence, { at, deadline }: Decided) =>
  facts.some((fact) => fact.kind === "swept" && fact.begun > at + LEFT_ALONE_MS && fact.at < deadline);

function decisionsOf(evidence: Evidence): Decided[] {
  const decided = new Map<string, Decided>();
  for (const [fact, { id, incident, decision }] of escalationsOf(evidence)) {
    if (fact.kind !== "written" || decision === undefined || decided.has(id)) continue;
    const { answer, deadline, openedAt, runId } = fact.after;
    const run = evidence.runs.find((each) => each.runId === runId);
    if (run === undefined) continue;
    decided.set(id, {
      id,
      note: String(JSON.parse(String(answer)).note),
      at: fact.at,
      deadline: Date.parse(String(deadline)),
      openedAt: String(openedAt),
      path: incident.path,
      run,
    });
  }
  return [...decided.values()];
}
