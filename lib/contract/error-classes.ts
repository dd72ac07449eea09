/**
 * The names under which a step fails. Retry and Catch of the compiled state machine match these literals, so they are
 * a versioned contract: add, never rename.
 */
export const ErrorClass = {
  Throttled: "Holdfast.Throttled",
  Transient: "Holdfast.Transient",
  StepBusy: "Holdfast.StepBusy",
  InvalidInput: "Holdfast.InvalidInput",
  InvalidOutput: "Holdfast.InvalidOutput",
  Permanent: "Holdfast.Permanent",
  Denied: "Holdfast.Denied",
  BudgetExceeded: "Holdfast.BudgetExceeded",
  UnknownOutcome: "Holdfast.UnknownOutcome",
  NeedsHuman: "Holdfast.NeedsHuman",
  /** A write that a model asks for waits for people's approval. */
  NeedsApproval: "Holdfast.NeedsApproval",
  /** The attempt's time is short: what is recorded stands, and the next attempt goes on from there. */
  Yielded: "Holdfast.Yielded",
  Rejected: "Holdfast.Rejected",
  Abandoned: "Holdfast.Abandoned",
} as const;

export type ErrorClass = (typeof ErrorClass)[keyof typeof ErrorClass];

const PAUSES: readonly string[] = [ErrorClass.NeedsApproval, ErrorClass.Yielded];

/** Whether an attempt that ended so has not failed: people are asked, or the next attempt goes on. */
export const isPause = (errorClass: string): boolean => PAUSES.includes(errorClass);
