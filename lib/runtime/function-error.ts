import { AskedCode, ErrorClass, type HoldfastError, parseObject } from "../contract/index.ts";
import { redactText } from "./people/secret-text.ts";

const ASKS: readonly string[] = Object.values(AskedCode);

/** Sets the recommendation apart in the message of an error. */
export const RECOMMENDATION = "\n\nRecommendation: ";

/**
 * The error as a function reports it: its name is what Step Functions matches, and its message begins with the code,
 * since name and message are all that is passed on. The stack stays behind, and so do secrets that are known by their form:
 * Lambda writes the message to the function's log, and Step Functions keeps it.
 */
export function toFunctionError({ name, code, message, recommendation }: HoldfastError): Error {
  const advice = recommendation === undefined ? "" : `${RECOMMENDATION}${recommendation}`;
  const text = `${code}: ${message.replaceAll(RECOMMENDATION, " Recommendation: ")}${advice}`;
  // What asks names an action and a tool; the state machine reads it to the letter.
  const error = new Error(ASKS.includes(code) ? text : redactText(text));
  error.name = name;
  error.stack = "";
  return error;
}

/** What became of a run or a step, for people and machines. */
export interface ReportedError {
  readonly class: string;
  readonly code: string;
  readonly message: string;
  /** Where, and after how many attempts, as far as the end of the run says so. */
  readonly step?: string;
  readonly path?: string;
  readonly attempts?: number;
  /** ISO 8601: when its state was entered. */
  readonly entered?: string;
}

/** Why an execution failed, was given up, or was ended; undefined where it did not. Step Functions gives no reason for one that took too long or was stopped. */
export function executionError({
  status,
  error,
  cause = "",
}: {
  readonly status: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}): ReportedError | undefined {
  if (error !== undefined) return reportedError(error, cause);
  if (status === "TIMED_OUT") {
    return {
      class: "States.Timeout",
      code: "run-timed-out",
      message:
        "The run was not over at the time limit of its state machine, which is twice its budget's wallClock and longest ladder.",
    };
  }
  if (status === "ABORTED") return { class: "States.Aborted", code: "run-stopped", message: "The run was stopped." };
  return undefined;
}

const CODED = /^([a-z0-9]+(?:-[a-z0-9]+)*): ([\s\S]*)$/;

/** Reads error and cause of an execution or a task back into class, code and message, and where they say so into step and attempts. */
export function reportedError(error: string, cause: string): ReportedError {
  const parsed = parseObject(cause);
  if (typeof parsed?.error === "string" && typeof parsed.step === "string") {
    const { step, path, attempts, entered } = parsed;
    const inner = reportedError(parsed.error, String(parsed.cause ?? ""));
    const place = {
      step,
      ...(typeof path === "string" ? { path } : {}),
      ...(typeof attempts === "number" ? { attempts } : {}),
      ...(typeof entered === "string" ? { entered } : {}),
    };
    if (error !== ErrorClass.Abandoned) return { ...inner, ...place };
    return { ...inner, ...place, message: `${inner.message} (step ${step}; the run was abandoned)` };
  }
  // A subflow that failed: its input is nobody's to tell here.
  if (typeof parsed?.ExecutionArn === "string") {
    const { code, message } = reportedError(String(parsed.Error ?? ""), String(parsed.Cause ?? ""));
    const run = parsed.ExecutionArn.slice(parsed.ExecutionArn.lastIndexOf(":") + 1);
    return { class: error, code, message: `${message} (subflow ${run})` };
  }
  const message = typeof parsed?.errorMessage === "string" ? parsed.errorMessage : cause;
  const [, code, text] = CODED.exec(message) ?? [];
  return code !== undefined && text !== undefined
    ? { class: error, code, message: text }
    : { class: error, code: "unclassified", message };
}
