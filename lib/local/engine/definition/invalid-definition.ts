/** Codes of AWS's ValidateStateMachineDefinition. */
export type DiagnosticCode =
  | "DUPLICATE_STATE_NAME"
  | "INVALID_JSON_DESCRIPTION"
  | "INVALID_RESOURCE"
  | "INVALID_STATE_NAME"
  | "MISSING_END_STATE"
  | "MISSING_TRANSITION_TARGET"
  | "SCHEMA_VALIDATION_FAILED"
  | "TOO_DEEPLY_NESTED";

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly message: string;
  /** As in `/States/Match/Retry[0]`; `/` for the machine itself. */
  readonly location: string;
}

/** A definition that AWS would refuse to create a state machine from. Its message is AWS's. */
export class InvalidDefinition extends Error {
  override readonly name = "InvalidDefinition";

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    const problems = diagnostics.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
    super(`Invalid State Machine Definition: '${problems.join(", ")}'`);
  }
}
