import { ErrorClass, HoldfastError, type ToolFault } from "../../contract/index.ts";
import { ToolFailed, ToolStatus } from "../../ports/index.ts";
import { classify } from "../classify/index.ts";

/** How a call went wrong. */
export type Failed =
  | {
      readonly kind: "fault";
      readonly fault: ToolFault;
      /** In words that repeat nothing of what was sent or answered. */
      readonly message: string;
      readonly retryAfterSeconds?: number;
    }
  /** The tool is well, and answered that it cannot or will not. */
  | { readonly kind: "refused"; readonly said: string }
  /** A function of the step has said what the step does next. */
  | { readonly kind: "stated"; readonly error: HoldfastError };

const FAULT_OF: Partial<Readonly<Record<ErrorClass, ToolFault>>> = {
  [ErrorClass.Denied]: "unauthorised",
  [ErrorClass.Throttled]: "rateLimited",
  [ErrorClass.Transient]: "unreachable",
  [ErrorClass.InvalidOutput]: "outputInvalid",
};

const MESSAGES: Readonly<Partial<Record<ToolFault, string>>> = {
  unauthorised: "It refused the credentials that it was called with.",
  rateLimited: "It asks to be called less often.",
  unreachable: "It crashed, broke the connection, or could not be reached.",
  outputInvalid: "It took its own answer for invalid.",
};

/**
 * What was thrown, as one of the ways in which tools fail. Of errors that nobody made for this, structure alone is read:
 * their words may hold whatever was sent.
 *
 * @param now milliseconds since the epoch, for answers that name a time until which to wait.
 */
export function failedOf(thrown: unknown, now: number): Failed {
  if (thrown instanceof ToolFailed) return { kind: "fault", fault: thrown.fault, message: thrown.message };
  const error = classify(thrown, [], now);
  const fault = FAULT_OF[error.name];
  if (fault !== undefined) {
    const { retryAfterSeconds } = error;
    const message = MESSAGES[fault] ?? "";
    return { kind: "fault", fault, message, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) };
  }
  if (error.name !== ErrorClass.Permanent && error.name !== ErrorClass.InvalidInput) return { kind: "stated", error };
  if (thrown instanceof ToolStatus) return { kind: "refused", said: thrown.said || thrown.message };
  return {
    kind: "refused",
    said: thrown instanceof HoldfastError ? thrown.message : "It failed of an error in its own code.",
  };
}
