import { ErrorClass, type HoldfastError, type ToolFault } from "../../contract/index.ts";
import { ToolFailed, ToolStatus } from "../../ports/index.ts";
import { holdfastClass } from "../classify/holdfast-class.ts";
import { classify } from "../classify/index.ts";
import { layersOf, readLayers } from "../classify/layer.ts";

/** How a call went wrong. */
export type Failed =
  | {
      readonly kind: "fault";
      readonly fault: ToolFault;
      /** In words that repeat nothing of what was sent or answered. */
      readonly message: string;
      readonly retryAfterSeconds?: number;
      /** It follows from what was asked for, and says nothing against the tool. */
      readonly isOfInput?: boolean;
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

/** Kind and place of an error, without its words. */
function inOwnCode(thrown: unknown): string {
  const { name = "", message = "", stack = "" } = thrown instanceof Error ? thrown : {};
  const kind = /^\w{1,50}$/.exec(name)?.[0];
  const place = /^ +at .*?([\w.-]{1,100}:\d+):\d+\)?$/m.exec(stack.replace(message, ""))?.[1];
  const where = [kind, place].filter((part) => part !== undefined).join(", ");
  return `It failed of an error in its own code${where && ` (${where})`}.`;
}

/**
 * What was thrown, as one of the ways in which tools fail. Of errors that nobody made for this, structure alone is read:
 * their words may hold whatever was sent.
 *
 * @param now milliseconds since the epoch, for answers that name a time until which to wait.
 * @param mayHaveWritten whether the tool writes, and may have heard of the call: an error in its code, which may come after
 * the write, is a crash then and no refusal. @default false
 */
export function failedOf(thrown: unknown, now: number, mayHaveWritten = false): Failed {
  if (thrown instanceof ToolFailed) {
    const { fault, message } = thrown;
    return { kind: "fault", fault, message, isOfInput: fault === "outputTooLarge" };
  }
  const error = classify(thrown, [], now);
  const fault = FAULT_OF[error.name];
  if (fault !== undefined) {
    const { retryAfterSeconds } = error;
    const message = MESSAGES[fault] ?? "";
    const wait = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    const isOfInput = fault === "unauthorised" && isForbidden(thrown);
    return { kind: "fault", fault, message, ...wait, isOfInput, cause: thrown };
  }
  if (error.name !== ErrorClass.Permanent && error.name !== ErrorClass.InvalidInput) return { kind: "stated", error };
  if (thrown instanceof ToolStatus) return { kind: "refused", said: thrown.said || thrown.message };
  if (isStated(thrown)) return { kind: "refused", said: thrown.message };
  return mayHaveWritten
    ? { kind: "fault", fault: "unreachable", message: inOwnCode(thrown) }
    : { kind: "refused", said: inOwnCode(thrown) };
}

/** Whoever asks is known, and may not have this; or a function of the step says so itself. */
const isForbidden = (thrown: unknown) =>
  isStated(thrown) || layersOf(readLayers(thrown)).some(({ status }) => status === 403);

/** A tool may have its own copy of the class. */
const isStated = (thrown: unknown): thrown is Error =>
  thrown instanceof Error && holdfastClass(thrown.name) !== undefined;
