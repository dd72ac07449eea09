import { type Retrier, stepRetriers, undoRetriers } from "../../../compiler/index.ts";
import { type AgentDocument, allSteps, effectOf, isWork, secondsOf } from "../../../definition/index.ts";
import { subflowRunId } from "../../../runtime/index.ts";
import { iso } from "../failed-tries.ts";
import type { StateVisit } from "../history.ts";
import type { StepVisit } from "../places.ts";
import { followingSteps } from "../position.ts";
import type { Case, Cause } from "./case.ts";

/** What happens next by itself. */
export interface Next {
  readonly kind: "nothing" | "people" | "retry" | "compensation" | "wait" | "subflow" | "step" | "resume";
  readonly said: string;
  /** ISO 8601: when, at the latest; null where nobody knows, or nothing happens. */
  readonly at: string | null;
  /** Run that is waited for. */
  readonly run?: string;
}

export function nextOf(of: Case, cause: Cause | null): Next {
  const { status, open, visits, options } = of;
  if (status === "completed" || status === "failed" || status === "abandoned") {
    return {
      kind: "nothing",
      said: `nothing: the run has ${status === "abandoned" ? "been given up" : "ended"}`,
      at: null,
    };
  }
  const asked = open.at(-1);
  if (asked !== undefined) {
    const about = asked.runId === of.facts.runId ? asked.step : `${asked.step} of ${asked.runId}`;
    return {
      kind: "people",
      said: `${asked.audience} decides about ${about} until ${asked.deadline}`,
      at: asked.deadline,
    };
  }
  const last = visits.findLast(({ visit }) => visit.exitedAt === undefined);
  const waiting = last === undefined ? undefined : waitOf(of, last);
  if (waiting !== undefined) return waiting;
  if (!options.isElsewhere) {
    return { kind: "resume", said: "nothing, until the run is taken up: no process has it under way", at: null };
  }
  const retry = last === undefined ? undefined : retryOf(of, last);
  if (retry !== undefined) return retry;
  if (last?.kind === "compensation" || cause !== null) {
    return {
      kind: "compensation",
      said: "what was completed is undone, last one first; then the run is given up",
      at: null,
    };
  }
  const following = followingSteps(of.document, visits);
  const then = following.length === 0 ? "then it ends" : `then ${following.join(", ")}`;
  return { kind: "step", said: `${last?.path ?? "the run"} is under way; ${then}`, at: null };
}

/** A wait of the step's own. */
function waitOf({ document, facts }: Case, { kind, step: name, path, visit }: StepVisit): Next | undefined {
  const step = stepNamed(document, name);
  if (kind === "wait" && step?.kind === "wait") {
    const at = step.for === undefined ? null : iso(visit.enteredAt + secondsOf(step.for) * 1_000);
    return { kind: "wait", said: `${path} waits${at === null ? "" : ` until ${at}`}`, at };
  }
  if (kind === "subflow" && step?.kind === "subflow") {
    const run = subflowRunId(step.agent, facts.runId, path);
    return { kind: "subflow", said: `${path} waits for the run ${run}`, at: null, run };
  }
  return undefined;
}

/** The next attempt, where the last one failed and the step is still entered. */
function retryOf({ document }: Case, { kind, step: name, path, visit }: StepVisit): Next | undefined {
  const step = stepNamed(document, name);
  const failed = visit.tries.at(-1);
  if (step === undefined || !isWork(step) || failed?.failure === undefined || failed.endedAt === undefined) return undefined;
  const retriers = kind === "compensation" ? undoRetriers([step]) : stepRetriers(step, effectOf(document, step));
  const delay = longestDelay(retriers, visit);
  if (delay === undefined) return undefined;
  const at = iso(failed.endedAt + delay * 1_000);
  return { kind: "retry", said: `attempt ${visit.tries.length + 1} of ${path}, by ${at} at the latest`, at };
}

/** Seconds until the next attempt, at the most; undefined where none follows. */
function longestDelay(retriers: readonly Retrier[], { tries }: StateVisit): number | undefined {
  const error = tries.at(-1)?.failure?.error ?? "";
  const retrier = retriers.find(({ ErrorEquals }) => ErrorEquals.includes(error));
  if (retrier === undefined) return undefined;
  const before = tries.filter(
    ({ failure }) => failure !== undefined && retrier.ErrorEquals.includes(failure.error),
  ).length;
  if (before > retrier.MaxAttempts) return undefined;
  return Math.min(retrier.IntervalSeconds * retrier.BackoffRate ** (before - 1), retrier.MaxDelaySeconds);
}

const stepNamed = ({ steps }: AgentDocument, name: string) => [...allSteps(steps)].find((step) => step.name === name);
