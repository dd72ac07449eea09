import type { DecisionRecord, ReportedError } from "../../runtime/index.ts";
import { iso, toldAttempts } from "./failed-tries.ts";
import type { StepVisit } from "./places.ts";
import type { RunFacts } from "./run-facts.ts";

/** Something that happened in a run. */
export interface TimelineEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: "attempt" | "wait" | DecisionRecord["kind"];
  readonly path: string;
  readonly outcome: "completed" | "failed" | "paused" | "running" | "waiting" | null;
  /** How long it took, so far; null for what takes no time. */
  readonly ms: number | null;
  readonly attempt: number | null;
  readonly error: ReportedError | null;
  /** What was chosen, or whom was asked. */
  readonly said: string | null;
}

/** Attempts tell of these by themselves. */
const TOLD_BY_ATTEMPTS: readonly string[] = ["retry", "failure"];

/** What happened, in order: attempts of steps, waits, and what was decided. */
export function timelineOf(visits: readonly StepVisit[], facts: RunFacts): TimelineEntry[] {
  const decisions = (facts.record?.decisions ?? []).filter(({ kind }) => !TOLD_BY_ATTEMPTS.includes(kind));
  const entries = [...visits.flatMap((visit) => entriesOf(visit, facts)), ...decisions.map(decided)];
  return entries.sort((a, b) => (a.at === b.at ? orderOf(a) - orderOf(b) : a.at < b.at ? -1 : 1));
}

/** What leads to a step comes before its attempt in the same millisecond, and the end comes last. */
const orderOf = ({ kind }: TimelineEntry) => (kind === "choice" || kind === "stand-in" ? 0 : kind === "end" ? 2 : 1);

function entriesOf(step: StepVisit, facts: RunFacts): TimelineEntry[] {
  const { kind, path, visit } = step;
  if (kind === "wait") {
    const { enteredAt, exitedAt } = visit;
    const outcome = exitedAt === undefined ? "waiting" : "completed";
    const ms = (exitedAt ?? facts.now) - enteredAt;
    return [{ at: iso(enteredAt), kind: "wait", path, outcome, ms, attempt: null, error: null, said: null }];
  }
  return toldAttempts(step, facts).map(({ attempt, startedAt, endedAt, outcome, error }) => {
    const end = endedAt === null ? facts.now : Date.parse(endedAt);
    const ms = end - Date.parse(startedAt);
    return { at: startedAt, kind: "attempt", path, outcome, ms, attempt, error, said: null };
  });
}

function decided({ at, kind, path, chosen, options, rule, by, reason }: DecisionRecord): TimelineEntry {
  const skipped = options.filter((option) => option !== chosen);
  const others = kind === "choice" && skipped.length > 0 ? `, not ${skipped.join(", ")}` : "";
  const said = `${chosen}${others} (${by ?? rule})`;
  return { at, kind, path, outcome: null, ms: null, attempt: null, error: kind === "end" ? reason : null, said };
}
