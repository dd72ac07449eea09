import type { RunStatus } from "../../../contract/index.ts";
import type { AgentDocument } from "../../../definition/index.ts";
import { readHistory } from "../../../local/index.ts";
import { type ToldAttempt, toldAttempts } from "../failed-tries.ts";
import { stepVisits } from "../places.ts";
import type { RunFacts } from "../run-facts.ts";
import { isResting, statusOf } from "../run-report.ts";
import { type Action, actions } from "./act.ts";
import { type Case, type Cause, isObjection, type WhyOptions } from "./case.ts";
import { causeOf, causeOfStep } from "./cause.ts";
import { type Next, nextOf } from "./next.ts";
import { isSettled } from "./settled.ts";
import { type Survived, survivedIn } from "./survived.ts";

/** Why a run stands where it stands: the `--json` of `why`, a versioned contract. */
export interface Why {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  /** What it comes down to. */
  readonly summary: string;
  /** What stopped it, or stands in its way; null where nothing does. */
  readonly cause: Cause | null;
  /** The attempts of the step that the cause lies in, since it was last entered. */
  readonly tried: readonly ToldAttempt[];
  readonly next: Next;
  /** What whoever reads this can do, the most likely first. */
  readonly act: readonly Action[];
  /** Steps that failed, and were done nevertheless: tried again, or with a declared output in their place. */
  readonly survived: readonly Survived[];
}

/** Pure: the same facts give the same answer. */
export function whyOf(facts: RunFacts, document: AgentDocument, options: WhyOptions): Why {
  const history = readHistory(facts.history).visits;
  const { step } = options;
  const isOver = facts.execution.status !== "RUNNING";
  const open = facts.escalations.filter(({ status }) => status === "open" && !isOver);
  const of: Case = {
    document,
    facts,
    status: statusOf(facts.execution, isResting(open, history)),
    visits: stepVisits(document, history),
    history,
    open,
    options,
  };
  const stops = causeOf(of);
  const cause = step === undefined ? stops : causeOfStep(of, step);
  const inCause = of.visits.findLast(({ path }) => path === cause?.path);
  const next = nextOf(of, stops);
  return {
    runId: facts.runId,
    agent: document.name,
    status: of.status,
    summary: step === undefined ? summaryOf(of, cause, next) : stepSummaryOf(of, step, cause),
    cause,
    tried: inCause === undefined ? [] : toldAttempts(inCause, facts),
    next,
    act: actions(of, stops, next),
    survived: survivedIn(of, stops),
  };
}

function summaryOf(of: Case, cause: Cause | null, next: Next): string {
  const { status } = of;
  if (cause === null)
    return status === "completed" ? "Nothing is wrong: the run has completed." : `Nothing is wrong: ${next.said}.`;
  const where = cause.path === "" ? "before any step" : `in ${cause.path}`;
  const what = cause.path === "" ? "what failed before any step" : cause.path;
  if (status === "failed") return `The run failed ${where}${triesOf(cause)}.`;
  if (status === "abandoned") return `The run was given up because of ${what}${triesOf(cause)}${decidedBy(of, cause)}.`;
  switch (next.kind) {
    case "retry":
      return next.at === null
        ? `${what} failed${triesOf(cause)}; ${next.said}.`
        : `${what} failed${triesOf(cause)}, and is tried again.`;
    case "people":
      return `${what} failed${triesOf(cause)}; people are asked what to do.`;
    case "compensation":
      return `The run is being given up because of ${what}.`;
    default:
      return `${what} failed${triesOf(cause)}.`;
  }
}

const triesOf = ({ attempt }: Cause) => (attempt > 1 ? ` after ${attempt} attempts` : "");

/** What became of one step, whatever became of the run. */
function stepSummaryOf(of: Case, step: string, cause: Cause | null): string {
  if (of.visits.every((visit) => visit.step !== step) && cause === null) return `Step ${step} was never entered.`;
  if (cause === null) return `Step ${step} has not failed.`;
  const failed = `${cause.path} failed${triesOf(cause)}`;
  if (of.open.some(({ incident }) => incident.path === cause.path)) return `${failed}; people are asked what to do.`;
  const last = of.visits.findLast(({ path }) => path === cause.path);
  if (last !== undefined && last.visit.exitedAt !== undefined && !last.visit.failed)
    return `${cause.path} failed, was tried again, and is done.`;
  if (last !== undefined && isSettled(of, last)) return `${failed}; the run went on.`;
  if (causeOf(of)?.path !== cause.path) return `${failed}.`;
  return summaryOf(of, cause, nextOf(of, cause));
}

/** Who gave a run up, where a person did. */
function decidedBy({ facts }: Case, { path }: Cause): string {
  const last = facts.escalations.findLast((each) => each.incident.path === path && isObjection(each));
  return last === undefined ? "" : `; ${last.decidedBy} decided to ${last.decision}`;
}
