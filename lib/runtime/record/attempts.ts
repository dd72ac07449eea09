import { ErrorClass } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { ReportedError } from "../function-error.ts";
import type { Placed } from "./decision-record.ts";

/** What was handed to people, or to the end of the run, after so many attempts. */
export interface Surrender {
  readonly step: string;
  readonly path: string;
  /** ISO 8601, as is `at`: when the state was entered whose attempts these were. */
  readonly entered: string;
  readonly attempts: number;
  readonly at: string;
  readonly evidence: string;
  /** What the last attempt ended with, as far as the state machine was told. */
  readonly reason?: ReportedError;
}

/** The attempts of one entry of a step's state. */
interface Entry {
  readonly step: string;
  readonly path: string;
  readonly entered: string;
  readonly failures: Map<number, Item>;
  /** The last attempt of which there is a sign, and what shows it. */
  last: { readonly attempt: number; readonly at: string; readonly evidence: string };
  /** The attempt that has come to the step's result. */
  reached?: number;
  surrendered: boolean;
  reason?: ReportedError | undefined;
}

/**
 * What became of the attempts that failed: tried again, or not. Those that ended without a word (killed, out of time,
 * never reached) are known by the numbers of the others.
 */
export function attempts(items: readonly Item[], surrenders: readonly Surrender[]): Placed[] {
  const entries = new Map<string, Entry>();
  const entryOf = (step: string, path: string, entered: string): Entry => {
    const key = JSON.stringify([path, entered]);
    const last = { attempt: 0, at: entered, evidence: "" };
    const entry = entries.get(key) ?? { step, path, entered, failures: new Map(), last, surrendered: false };
    entries.set(key, entry);
    return entry;
  };
  for (const item of items) {
    const entry = () => entryOf(String(item.step), String(item.path), String(item.entered ?? ""));
    const at = String(item.at ?? item.answeredAt ?? item.committedAt);
    if (item.sk.startsWith("FAILURE#")) {
      entry().failures.set(Number(item.attempt), item);
      seen(entry(), Number(item.attempt), at, item.sk);
    } else if (item.sk.startsWith("STEP#") && item.status === "committed") {
      const reached = Number(item.answered ?? item.attempt);
      entry().reached = reached;
      seen(entry(), reached, at, item.sk);
    }
  }
  for (const surrender of surrenders) {
    const entry = entryOf(surrender.step, surrender.path, surrender.entered);
    entry.surrendered = true;
    entry.reason ??= surrender.reason;
    seen(entry, surrender.attempts, surrender.at, surrender.evidence);
  }
  return [...entries.values()].flatMap(followed);
}

function seen(entry: Entry, attempt: number, at: string, evidence: string): void {
  if (attempt >= entry.last.attempt) entry.last = { attempt, at, evidence };
}

function followed(entry: Entry): Placed[] {
  return Array.from({ length: entry.last.attempt }, (_, index) => index + 1).flatMap((attempt) => {
    const failure = entry.failures.get(attempt);
    const isLast = attempt === entry.last.attempt;
    // One of two invocations of the same attempt may have failed.
    const isDone = failure === undefined || entry.reached === attempt;
    if (isDone && isLast && !entry.surrendered) return [];
    // What it has asked people is a decision of its own.
    if (isLast && (failure?.class ?? entry.reason?.class) === ErrorClass.NeedsApproval) return [];
    const isRetried = isLast ? !entry.surrendered && failure?.next === "retry" : true;
    return [recordOf(entry, attempt, failure, isRetried)];
  });
}

function recordOf(entry: Entry, attempt: number, failure: Item | undefined, isRetried: boolean): Placed {
  const { step, path, entered, last } = entry;
  return {
    since: entered,
    rank: attempt,
    at: failure === undefined ? last.at : String(failure.at),
    kind: isRetried ? "retry" : "failure",
    step,
    path,
    options: ["retry", "give up"],
    chosen: isRetried ? "retry" : "give up",
    rule: `attempt ${attempt}`,
    by: null,
    evidence: [failure?.sk ?? last.evidence],
    reason: failure === undefined ? unheard(entry, attempt) : reasonOf(failure),
  };
}

const reasonOf = (failure: Item): ReportedError => ({
  class: String(failure.class),
  code: String(failure.code),
  message: String(failure.message),
});

/** Of an attempt that could not say itself why it failed. */
const unheard = ({ step, last, reason }: Entry, attempt: number): ReportedError =>
  (attempt === last.attempt ? reason : undefined) ?? lost(step, attempt);

const lost = (step: string, attempt: number): ReportedError => ({
  class: "Lambda",
  code: "attempt-lost",
  message: `Attempt ${attempt} of ${step} ended without a word: it was killed, ran out of time, or was never reached.`,
});
