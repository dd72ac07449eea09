import type { RunStatus } from "../../contract/index.ts";
import type { ReportedError } from "../function-error.ts";
import type { Escalation } from "../people/escalation.ts";
import type { DecisionRecord } from "./decision-record.ts";

/** All that the run's items tell of it. */
export interface RunRecord {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  /** ISO 8601, as are all times here. */
  readonly startedAt: string;
  readonly updatedAt: string;
  /** Why it failed, or was given up. */
  readonly error: ReportedError | null;
  /** In the order of their paths. */
  readonly steps: readonly StepRecord[];
  readonly actions: readonly ActionRecord[];
  /** In the order in which they failed. */
  readonly failures: readonly FailedAttempt[];
  /** In the order in which they were made. */
  readonly decisions: readonly DecisionRecord[];
  /** Oldest first. */
  readonly escalations: readonly Escalation[];
}

/** The checkpoint of a step, or of its undoing, whose path ends in `~undo`. */
export interface StepRecord {
  readonly step: string;
  readonly path: string;
  readonly visit: number;
  readonly effect: string;
  /** One attempt ran at a time. */
  readonly leased: boolean;
  readonly status: "leased" | "committed";
  /** The last that wrote it. */
  readonly attempt: number;
  /** There once it is committed. */
  readonly startedAt: string | null;
  readonly committedAt: string | null;
  readonly tokens: number;
  readonly microUsd: number;
  readonly traceId: string | null;
}

export interface ActionRecord {
  readonly path: string;
  readonly visit: number;
  readonly key: string;
  readonly effect: string;
  readonly status: "intent" | "done" | "refused";
  /** Null in items of before times were kept. */
  readonly at: string | null;
  readonly tokens: number;
  readonly microUsd: number;
}

/** An attempt of a step that failed and could still say why. */
export interface FailedAttempt {
  readonly step: string;
  readonly path: string;
  readonly visit: number;
  readonly attempt: number;
  readonly startedAt: string;
  readonly at: string;
  readonly class: string;
  readonly code: string;
  /** Without secrets, and cut. */
  readonly message: string;
  /** What the state machine does next, as declared. */
  readonly next: "retry" | "given-up";
}
