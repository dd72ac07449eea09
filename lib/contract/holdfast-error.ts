import type { ErrorClass } from "./error-classes.ts";

export interface HoldfastErrorOptions extends ErrorOptions {
  readonly retryAfterSeconds?: number | undefined;
  /** What whoever asks people for help would do in their place. */
  readonly recommendation?: string | undefined;
}

/**
 * An error whose class decides what the run does next (retry, escalate, compensate, stop).
 *
 * @param name the error class: what Retry and Catch of the state machine match.
 * @param code a stable kebab-case code; those of Holdfast itself lead to docs/errors/<code>.md.
 * @param message what was given, what is allowed, how to fix it. Never a secret or a task token.
 */
export class HoldfastError extends Error {
  /** How long whoever refused asks to be left alone, in seconds; absent where nobody asked. */
  declare readonly retryAfterSeconds?: number;
  declare readonly recommendation?: string;

  constructor(
    override readonly name: ErrorClass,
    readonly code: string,
    message: string,
    { retryAfterSeconds, recommendation, ...options }: HoldfastErrorOptions = {},
  ) {
    super(message, options);
    if (retryAfterSeconds !== undefined) this.retryAfterSeconds = retryAfterSeconds;
    if (recommendation !== undefined) this.recommendation = recommendation;
  }
}
