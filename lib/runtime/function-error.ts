import { ErrorClass, type HoldfastError, type Json } from "../contract/index.ts";

/** Sets the recommendation apart in the message of an error. */
export const RECOMMENDATION = "\n\nRecommendation: ";

/**
 * The error as a function reports it: its name is what Step Functions matches, and its message begins with the code,
 * since name and message are all that is passed on. The stack stays behind.
 */
export function toFunctionError({ name, code, message, recommendation }: HoldfastError): Error {
  const advice = recommendation === undefined ? "" : `${RECOMMENDATION}${recommendation}`;
  const error = new Error(`${code}: ${message.replaceAll(RECOMMENDATION, " Recommendation: ")}${advice}`);
  error.name = name;
  error.stack = "";
  return error;
}

/** What became of a run or a step, for people and machines. */
export interface ReportedError {
  readonly class: string;
  readonly code: string;
  readonly message: string;
}

const CODED = /^([a-z0-9]+(?:-[a-z0-9]+)*): ([\s\S]*)$/;

/** Reads error and cause of an execution or a task back into class, code and message. */
export function reportedError(error: string, cause: string): ReportedError {
  const parsed = parse(cause);
  if (error === ErrorClass.Abandoned && typeof parsed?.error === "string") {
    const inner = reportedError(parsed.error, String(parsed.cause ?? ""));
    return { ...inner, message: `${inner.message} (step ${parsed.step}; the run was abandoned)` };
  }
  const message = typeof parsed?.errorMessage === "string" ? parsed.errorMessage : cause;
  const [, code, text] = CODED.exec(message) ?? [];
  return code !== undefined && text !== undefined
    ? { class: error, code, message: text }
    : { class: error, code: "unclassified", message };
}

function parse(text: string): { readonly [key: string]: Json } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as { [key: string]: Json }) : undefined;
  } catch {
    return undefined;
  }
}
