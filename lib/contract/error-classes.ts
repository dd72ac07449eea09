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
  Rejected: "Holdfast.Rejected",
  Abandoned: "Holdfast.Abandoned",
} as const;

export type ErrorClass = (typeof ErrorClass)[keyof typeof ErrorClass];
