import { ErrorClass, type HoldfastError, type ToolFault } from "../../contract/index.ts";
import { ToolFailed, ToolStatus } from "../../ports/index.ts";
import { holdfastClass } from "../classify/holdfast-class.ts";
import { classify } from "../classify/index.ts";

/** How a call went wrong. */
export type Failed =
  | {
      readonly kind: "fault";
      readonly fault: ToolFault;
      /** In words that repeat nothing of what was sent or answered. */
      readonly message: string;
      readonly retryAfterSeconds?: number;
      /** What was thrown, where the fault was read off it: it may tell that its client had asked before. */
      readonly cause?: unknown;
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

const OWN_CODE = "It failed of an error in its own code.";

/**
 * What was thrown, as one of the ways in which tools fail. Of errors that nobody made for this, structure alone is read:
 * their words may hold whatever was sent.
 *
 * @param now milliseconds since the epoch, for answers that name a time until which to wait.
 * @param mayHaveWritten whether the tool writes, and may have heard of the call: an error in its code, which may come after
 * the write, is a crash then and no refusal. @default false
 */
export function failedOf(thrown: unknown, now: number, mayHaveWritten = false): Failed {
  if (thrown instanceof ToolFailed) return { kind: "fault", fault: thrown.fault, message: thrown.message };
  const error = classify(thrown, [], now);
  const fault = FAULT_OF[error.name];
  if (fault !== undefined) {
    const { retryAfterSeconds } = error;
    const message = MESSAGES[fault] ?? "";
    const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    return { kind: "fault", fault, message, ...wait, cause: thrown };
  }
  if (error.name !== ErrorClass.Permanent && error.name !== ErrorClass.InvalidInput) return { kind: "stated", error };
  if (thrown instanceof ToolStatus) return { kind: "refused", said: thrown.said || thrown.message };
  if (isStated(thrown)) return { kind: "refused", said: thrown.message };
  return mayHaveWritten
    ? { kind: "fault", fault: "unreachable", message: OWN_CODE }
    : { kind: "refused", said: OWN_CODE };
}

/** A tool may have its own copy of the class. */
const isStated = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && holdfastClass(thrown.name) !== undefined;
