import type { Json, RunStatus } from "../../contract/index.ts";
import type { AgentDocument, StepKind } from "../../definition/index.ts";
import { readHistory, type StateVisit } from "../../local/index.ts";
import {
  type DecisionRecord,
  type Escalation,
  executionError,
  outcomeOf,
  type ReportedError,
  type RunCost,
} from "../../runtime/index.ts";
import { raiseOf } from "./decide-command.ts";
import { shown } from "./failed-tries.ts";
import { isOpen, type StepVisit, stepVisits } from "./places.ts";
import { followingSteps, positionOf } from "./position.ts";
import { costOf } from "./run-cost.ts";
import type { RunFacts } from "./run-facts.ts";
import { type TimelineEntry, timelineOf } from "./timeline.ts";
import { endOfWait } from "./waits.ts";

/** A run as the command line tells of it: the `--json` of `run`, `resume` and `show` is this, a versioned contract. */
export interface RunReport {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  readonly output: Json;
  readonly error: ReportedError | null;
  readonly steps: readonly StepReport[];
  readonly escalations: readonly OpenEscalation[];
  readonly usage: {
    readonly transitions: number;
    readonly invocations: number;
    readonly storeWrites: number;
    readonly storeReads: number;
  };
  /** ISO 8601, as is `endedAt`. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly timeline: readonly TimelineEntry[];
  /** By what rule, and by whom, in the order in which they were made. */
  readonly decisions: readonly DecisionRecord[];
  /** Paths of the steps that are under way, or that people are asked about. */
  readonly position: readonly string[];
  /** Names of the steps that follow, if all goes well. */
  readonly next: readonly string[];
  /** ISO 8601: when the first of its waits is over, as declared. */
  readonly waitsUntil: string | null;
  readonly cost: RunCost;
}

export interface OpenEscalation {
  readonly id: string;
  readonly step: string;
  readonly tier: number;
  readonly audience: string;
  /** ISO 8601. */
  readonly deadline: string;
  readonly decisions: readonly string[];
  /** What the run's budget is short of, as `--raise` takes it; null where nothing can be raised. */
  readonly raise: string | null;
}

export interface StepReport {
  readonly path: string;
  readonly kind: StepKind | "compensation";
  readonly status: "completed" | "failed" | "waiting" | "running";
  readonly attempts: number;
  readonly ms: number;
}

export function runReport(document: AgentDocument, facts: RunFacts): RunReport {
  const { runId, execution, escalations, usage, now } = facts;
  const reader = readHistory(facts.history);
  const { visits, transitions, invocations } = reader;
  const isOver = execution.status !== "RUNNING";
  const open = escalations.filter(({ status }) => status === "open" && !isOver);
  const ofSteps = stepVisits(document, visits);
  const standing = { runId, visits: ofSteps, open };
  const cost = costOf(document, facts, reader);
  return {
    runId,
    agent: document.name,
    status: statusOf(execution, isResting(open, visits)),
    output: execution.output ?? null,
    error: errorOf(execution),
    steps: stepsOf(ofSteps, open, now),
    escalations: open.map(openEscalation),
    usage: {
      transitions,
      invocations,
      storeWrites: usage?.writes ?? cost.counts.storeWrites,
      storeReads: usage?.reads ?? cost.counts.storeReads,
    },
    startedAt: execution.startDate?.toISOString() ?? null,
    endedAt: execution.stopDate?.toISOString() ?? null,
    timeline: timelineOf(ofSteps, facts),
    decisions: facts.record?.decisions ?? [],
    position: isOver ? [] : positionOf(standing),
    next: isOver ? [] : followingSteps(document, standing),
    waitsUntil: isOver ? null : firstEnd(document, ofSteps),
    cost,
  };
}

function openEscalation(asked: Escalation): OpenEscalation {
  const { id, tier, audience, deadline, incident } = asked;
  const { step, decisions } = incident;
  return { id, step, tier, audience, deadline, decisions, raise: raiseOf(asked) };
}

/** Whether a run waits for people, or for a time. */
export const isResting = (open: readonly Escalation[], visits: readonly StateVisit[]): boolean =>
  open.length > 0 || visits.some((visit) => visit.kind === "Wait" && isOpen({ visit }));

function firstEnd(document: AgentDocument, visits: readonly StepVisit[]): string | null {
  const ends = visits
    .filter((visit) => visit.kind === "wait" && isOpen(visit))
    .map((visit) => endOfWait(document, visit));
  return ends.filter((end) => end !== null).sort()[0] ?? null;
}

function errorOf(execution: RunFacts["execution"]): ReportedError | null {
  const error = executionError(execution);
  return error === undefined ? null : shown(error);
}

export const statusOf = (execution: RunFacts["execution"], waiting: boolean): RunStatus =>
  outcomeOf(execution) ?? (waiting ? "waiting" : "running");

function stepsOf(visits: readonly StepVisit[], open: readonly Escalation[], now: number): StepReport[] {
  const waiting = new Set(open.map(({ incident }) => incident.path));
  const steps = new Map<string, StepReport>();
  for (const { kind, path: place, visit } of visits) {
    const path = kind === "compensation" ? "undo" : place;
    const before = steps.get(path);
    steps.set(path, {
      path,
      kind,
      status: waiting.has(path)
        ? "waiting"
        : visit.failed
          ? "failed"
          : visit.exitedAt === undefined
            ? "running"
            : "completed",
      attempts: (before?.attempts ?? 0) + Math.max(visit.attempts, 1),
      ms: (before?.ms ?? 0) + (visit.exitedAt ?? now) - visit.enteredAt,
    });
  }
  return [...steps.values()];
}
