/**
 * A way that the state machine took by itself, as it tells the next function of it, and as that keeps it with what it
 * writes anyway: a branch of a choice, or a declared output in the place of one that failed.
 */
export interface Decided {
  readonly kind: "choice" | "stand-in" | "approval";
  readonly step: string;
  readonly path: string;
  /** ISO 8601: when the state was entered. */
  readonly at: string;
  /** All ways that there were, in the order in which they were looked at; the others were skipped. */
  readonly options: readonly string[];
  readonly chosen: string;
  /** The steps whose outputs it was decided by; `input` for the run's. */
  readonly by: readonly string[];
  /** Class of the error that a stand-in stands for, and the attempts that it took. */
  readonly error?: string;
  readonly attempts?: number;
}
