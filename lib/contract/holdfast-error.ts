import type { ErrorClass } from "./error-classes.ts";

/**
 * An error whose class decides what the run does next (retry, escalate, compensate, stop).
 *
 * @param name the error class: what Retry and Catch of the state machine match.
 * @param code a stable kebab-case code; those of Holdfast itself lead to docs/errors/<code>.md.
 * @param message what was given, what is allowed, how to fix it. Never a secret or a task token.
 */
export class HoldfastError extends Error {
  constructor(
    override readonly name: ErrorClass,
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
