import type { ReportedError } from "../function-error.ts";

/** Something that was decided about a run, by a rule or by a person. */
export interface DecisionRecord {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: DecisionKind;
  readonly step: string;
  readonly path: string;
  /** What there was to choose from, as far as that is listed; what was not chosen was skipped. */
  readonly options: readonly string[];
  readonly chosen: string;
  /** What decided, such as `branch 2 of 4` or `ladder clerks, tier 1`. */
  readonly rule: string;
  /** Who decided, where a person did. */
  readonly by: string | null;
  /** Sort keys of the items that it rests on. */
  readonly evidence: readonly string[];
  /** What made it necessary. */
  readonly reason: ReportedError | null;
}

export type DecisionKind =
  /** A branch of a choice was taken. */
  | "choice"
  /** A declared output was taken in place of one that failed. */
  | "stand-in"
  /** A model chose tools to call, or its answer. */
  | "turn"
  /** A step that failed is tried again. */
  | "retry"
  /** A step that failed is not tried again. */
  | "failure"
  /** It was found out what had become of a write. */
  | "reconcile"
  /** People were asked. */
  | "escalation"
  /** People answered. */
  | "decision"
  /** Nobody answered in time. */
  | "silence"
  /** Completed writes are undone. */
  | "compensation"
  /** The run ended. */
  | "end";

/**
 * A decision with its place among others: first by when its state was entered, which is told by one clock, that of the
 * state machine; those of functions differ. Then by rank.
 */
export interface Placed extends DecisionRecord {
  /** ISO 8601. */
  readonly since: string;
  readonly rank: number;
}
