import { AskedCode, isPause } from "../../contract/index.ts";
import type { Try } from "../../local/index.ts";
import { type ReportedError, redactText, reportedError } from "../../runtime/index.ts";
import type { StepVisit } from "./places.ts";
import type { RunFacts } from "./run-facts.ts";

const LONGEST_MESSAGE = 500;

/** One attempt of a step, as people are told of it. */
export interface ToldAttempt {
  /** 1 for the first since the state was entered. */
  readonly attempt: number;
  /** ISO 8601, as is `endedAt`. */
  readonly startedAt: string;
  /** Null while it is under way. */
  readonly endedAt: string | null;
  readonly outcome: "completed" | "failed" | "paused" | "running" | "waiting";
  readonly error: ReportedError | null;
}

/** The attempts of a visit. Where its items kept a failure, it is told in their words, which hold no secrets; else in those of the history, without them. */
export function toldAttempts({ path, visit }: StepVisit, { record }: Pick<RunFacts, "record">): ToldAttempt[] {
  return visit.tries.map((each, index) => {
    const attempt = index + 1;
    const kept = record?.failures.find((one) => one.path === path && one.attempt === attempt && isWithin(each, one.at));
    const { failure } = each;
    const error = failure === undefined ? null : toldOf(kept ?? reportedError(failure.error, failure.cause));
    return {
      attempt,
      startedAt: iso(each.startedAt),
      endedAt: each.endedAt === undefined ? null : iso(each.endedAt),
      outcome: outcomeOf(each, error),
      error,
    };
  });
}

/** Whether an attempt that ended so has not failed: people are asked, be it in a model's words, or the next attempt goes on. */
export const isPaused = ({ class: name, code }: Pick<ReportedError, "class" | "code">): boolean =>
  isPause(name) || code === AskedCode.question;

const toldOf = ({ class: name, code, message }: ReportedError) => shown({ class: name, code, message });

/** As it may be printed: without secrets, and cut. */
export const shown = <Told extends Pick<ReportedError, "message">>(error: Told): Told => ({
  ...error,
  message: redactText(error.message).slice(0, LONGEST_MESSAGE),
});

function outcomeOf({ endedAt, answeredAt }: Try, error: ReportedError | null): ToldAttempt["outcome"] {
  if (error !== null) return isPaused(error) ? "paused" : "failed";
  if (endedAt !== undefined) return "completed";
  return answeredAt === undefined ? "running" : "waiting";
}

const isWithin = ({ startedAt, endedAt = Number.POSITIVE_INFINITY }: Try, at: string) =>
  Date.parse(at) >= startedAt && Date.parse(at) <= endedAt;

export const iso = (time: number) => new Date(time).toISOString();
