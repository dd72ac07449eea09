import { type Retrier, stepRetriers, undoRetriers } from "../../../compiler/index.ts";
import { isLeased, isWork } from "../../../definition/index.ts";
import type { StateVisit } from "../../../local/index.ts";
import { subflowRunId } from "../../../runtime/index.ts";
import { iso } from "../failed-tries.ts";
import { isOpen, type StepVisit } from "../places.ts";
import { followingSteps, positionOf } from "../position.ts";
import { endOfWait, stepNamed } from "../waits.ts";
import { askedOf, type Case, type Cause, givingUpOf } from "./case.ts";
import { handedOver } from "./settled.ts";

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
  const { facts, status, open, visits, options } = of;
  if (status === "completed" || status === "failed" || status === "abandoned") {
    return {
      kind: "nothing",
      said: `nothing: the run has ${status === "abandoned" ? "been given up" : "ended"}`,
      at: null,
    };
  }
  const asked = askedOf(of);
  if (asked !== undefined) {
    const about = asked.runId === facts.runId ? asked.step : `${asked.step} of ${asked.runId}`;
    return {
      kind: "people",
      said: `${asked.audience} decides about ${about} until ${asked.deadline}`,
      at: asked.deadline,
    };
  }
  const entered = visits.filter(isOpen);
  const waiting = firstOf(entered, (visit) => waitOf(of, visit));
  if (!options.isElsewhere) return takenUp(waiting);
  const [handed] = handedOver(of);
  if (handed !== undefined) return { kind: "people", said: `people are being asked about ${handed.path}`, at: null };
  const ofCause = entered.filter(({ path }) => path === cause?.path);
  const retry = firstOf(ofCause, (visit) => retryOf(of, visit)) ?? firstOf(entered, (visit) => retryOf(of, visit));
  if (retry !== undefined) return retry;
  if (waiting !== undefined) return waiting;
  if (visits.at(-1)?.kind === "compensation" || givingUpOf(of) !== undefined) {
    return {
      kind: "compensation",
      said: "what was completed is undone, last one first; then the run is given up",
      at: null,
    };
  }
  const standing = { runId: facts.runId, visits, open };
  const following = followingSteps(of.document, standing);
  const then = following.length === 0 ? "then it ends" : `then ${following.join(", ")}`;
  const position = positionOf(standing);
  const verb = position.length > 1 ? "are" : "is";
  return { kind: "step", said: `${position.join(", ") || "the run"} ${verb} under way; ${then}`, at: null };
}

/** What comes soonest; what has no time comes last. */
const firstOf = (visits: readonly StepVisit[], nextIn: (visit: StepVisit) => Next | undefined): Next | undefined =>
  visits.flatMap((visit) => nextIn(visit) ?? []).sort((a, b) => (a.at ?? "~").localeCompare(b.at ?? "~"))[0];

/** A wait that is over is noticed by whoever takes the run up. */
function takenUp(waiting: Next | undefined): Next {
  const meanwhile = waiting === undefined ? "" : `; ${waiting.said}`;
  const said = `nothing, until the run is taken up: no process has it under way${meanwhile}`;
  return { kind: "resume", said, at: waiting?.at ?? null };
}

/** A wait of the step's own. */
function waitOf({ document, facts }: Case, visit: StepVisit): Next | undefined {
  const { kind, step: name, path } = visit;
  if (kind === "wait") {
    const at = endOfWait(document, visit);
    return { kind: "wait", said: `${path} waits${at === null ? "" : ` until ${at}`}`, at };
  }
  const step = stepNamed(document, name);
  if (kind === "subflow" && step?.kind === "subflow") {
    const run = subflowRunId(step.agent, facts.runId, path);
    return { kind: "subflow", said: `${path} waits for the run ${run}`, at: null, run };
  }
  return undefined;
}

/** The next attempt, or the one under way, where one has failed and the step is still entered. */
function retryOf({ document }: Case, { kind, step: name, path, visit }: StepVisit): Next | undefined {
  const step = stepNamed(document, name);
  const failed = visit.tries.at(-1);
  if (failed !== undefined && failed.endedAt === undefined && visit.tries.length > 1)
    return { kind: "retry", said: `attempt ${visit.tries.length} is under way`, at: null };
  if (step === undefined || !isWork(step) || failed?.failure === undefined || failed.endedAt === undefined)
    return undefined;
  const retriers = kind === "compensation" ? undoRetriers([step]) : stepRetriers(step, isLeased(document, step));
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
