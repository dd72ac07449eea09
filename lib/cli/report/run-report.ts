import type { Json, RunStatus } from "../../contract/index.ts";
import type { AgentDocument, Step, StepKind } from "../../definition/index.ts";
import { type Escalation, type ReportedError, reportedError } from "../../runtime/index.ts";
import { type HistoryEvent, HistoryReader, type StateVisit } from "./history.ts";

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
}

export interface OpenEscalation {
  readonly id: string;
  readonly step: string;
  readonly tier: number;
  readonly audience: string;
  /** ISO 8601. */
  readonly deadline: string;
  readonly decisions: readonly string[];
}

export interface StepReport {
  readonly path: string;
  readonly kind: StepKind | "compensation";
  readonly status: "completed" | "failed" | "waiting" | "running";
  readonly attempts: number;
  readonly ms: number;
}

/** What is known of a run, wherever it runs. */
export interface RunFacts {
  readonly runId: string;
  readonly document: AgentDocument;
  readonly execution: {
    readonly status: string;
    readonly output?: Json | undefined;
    readonly error?: string | undefined;
    readonly cause?: string | undefined;
  };
  readonly history: readonly HistoryEvent[];
  readonly escalations: readonly Escalation[];
  readonly usage: { readonly reads: number; readonly writes: number };
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function runReport(facts: RunFacts): RunReport {
  const { runId, document, execution, escalations, usage } = facts;
  const reader = new HistoryReader();
  for (const event of facts.history) reader.read(event);
  const { visits, transitions, invocations } = reader;
  const isOver = execution.status !== "RUNNING";
  const open = escalations.filter(({ status }) => status === "open" && !isOver);
  const resting = open.length > 0 || visits.some(({ kind, exitedAt }) => kind === "Wait" && exitedAt === undefined);
  const status = statusOf(execution, resting);
  return {
    runId,
    agent: document.name,
    status,
    output: execution.output ?? null,
    error: errorOf(execution),
    steps: stepsOf(document, visits, open, facts.now),
    escalations: open.map(({ id, tier, audience, deadline, incident: { step, decisions } }) => ({
      id,
      step,
      tier,
      audience,
      deadline,
      decisions,
    })),
    usage: { transitions, invocations, storeWrites: usage.writes, storeReads: usage.reads },
  };
}

/** Why it failed; Step Functions gives no reason for a run that took too long or was stopped. */
function errorOf({ status, error, cause = "" }: RunFacts["execution"]): ReportedError | null {
  if (error !== undefined) return reportedError(error, cause);
  if (status === "TIMED_OUT") {
    return {
      class: "States.Timeout",
      code: "run-timed-out",
      message:
        "The run was not over at the time limit of its state machine, which is twice its budget's wallClock and longest ladder.",
    };
  }
  if (status === "ABORTED") return { class: "States.Aborted", code: "run-stopped", message: "The run was stopped." };
  return null;
}

function statusOf({ status, error }: RunFacts["execution"], waiting: boolean): RunStatus {
  if (status === "SUCCEEDED") return "completed";
  if (status === "RUNNING") return waiting ? "waiting" : "running";
  return error === "Holdfast.Abandoned" ? "abandoned" : "failed";
}

/** Where a step stands in a run; `*` is the place of an item's index. */
interface Placement {
  readonly kind: StepReport["kind"];
  readonly path: string;
}

/** What states belong to which step, and the path that the step has. */
function placements(steps: readonly Step[], prefix = ""): Map<string, Placement> {
  const places = new Map<string, Placement>();
  for (const step of steps) {
    places.set(step.name, { kind: step.kind, path: `${prefix}${step.name}` });
    for (const [inner, within] of innerSteps(step)) {
      for (const [name, place] of placements(inner, `${prefix}${within}`)) places.set(name, place);
    }
  }
  return places;
}

function innerSteps(step: Step): [readonly Step[], string][] {
  switch (step.kind) {
    case "choose":
      return [...step.branches, step.otherwise].map(({ steps }) => [steps, ""]);
    case "parallel":
      return Object.entries(step.branches).map(([name, { steps }]) => [steps, `${step.name}/${name}/`]);
    case "each":
      return [[step.steps, `${step.name}#*/`]];
    case "task":
    case "reason":
    case "wait":
    case "approval":
    case "subflow":
      return [];
  }
}

function stepsOf(
  document: AgentDocument,
  visits: readonly StateVisit[],
  open: readonly Escalation[],
  now: number,
): StepReport[] {
  const places = placements(document.steps);
  if (visits.some(({ state }) => state === "undo step"))
    places.set("undo step", { kind: "compensation", path: "undo" });
  const waiting = new Set(open.map(({ incident }) => incident.path));
  const steps = new Map<string, StepReport>();
  for (const visit of visits) {
    const place = places.get(visit.state);
    if (place === undefined) continue;
    let item = 0;
    const path = place.path.replaceAll("*", () => String(visit.items[item++] ?? 0));
    const before = steps.get(path);
    steps.set(path, {
      path,
      kind: place.kind,
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
