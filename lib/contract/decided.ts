/**
 * What was decided since the last function that kept it, as the state machine tells the next one: a branch of a choice, a
 * declared output in the place of one that failed, or people's approval of what a step asked for in the midst of its work.
 */
export interface Decided {
  readonly kind: "choice" | "stand-in" | "approval";
  readonly step: string;
  readonly path: string;
  /** ISO 8601: when the state was entered. */
  readonly at: string;
  /** All ways that there were, in the order in which they were looked at; the others were skipped. */
  readonly options: readonly string[];
  /** Of an approval, the digest of what was approved. */
  readonly chosen: string;
  /** The steps whose outputs it was decided by; `input` for the run's. */
  readonly by: readonly string[];
  /** Class of the error that a stand-in stands for, and the attempts that it took. */
  readonly error?: string;
  readonly attempts?: number;
}
