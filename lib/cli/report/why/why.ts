import type { RunStatus } from "../../../contract/index.ts";
import type { AgentDocument } from "../../../definition/index.ts";
import { type ToldAttempt, toldAttempts } from "../failed-tries.ts";
import { readHistory } from "../history.ts";
import { type StepVisit, stepVisits } from "../places.ts";
import type { RunFacts } from "../run-facts.ts";
import { isResting, statusOf } from "../run-report.ts";
import { type Action, actions } from "./act.ts";
import type { Case, Cause, WhyOptions } from "./case.ts";
import { causeOf } from "./cause.ts";
import { type Next, nextOf } from "./next.ts";
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
  const all = stepVisits(document, history);
  const of: Case = {
    document,
    facts,
    status: statusOf(facts.execution, isResting(open, history)),
    visits: step === undefined ? all : all.filter((visit) => visit.step === step),
    open,
    options,
  };
  const cause = causeOf(of);
  const inCause = of.visits.findLast(({ path }) => path === cause?.path);
  const next = nextOf(of, cause);
  return {
    runId: facts.runId,
    agent: document.name,
    status: of.status,
    summary: summaryOf(of, cause, next, inCause),
    cause,
    tried: inCause === undefined ? [] : toldAttempts(inCause, facts),
    next,
    act: actions(of, cause, next),
    survived: survivedIn(of, cause),
  };
}

function summaryOf(of: Case, cause: Cause | null, next: Next, inCause: StepVisit | undefined): string {
  const { status, visits } = of;
  const { step } = of.options;
  if (step !== undefined && visits.length === 0) return `Step ${step} was never entered.`;
  if (cause === null) {
    if (step !== undefined) return `Step ${step} has not failed.`;
    return status === "completed" ? "Nothing is wrong: the run has completed." : `Nothing is wrong: ${next.said}.`;
  }
  const tries = cause.attempt > 1 ? ` after ${cause.attempt} attempts` : "";
  const isBehind = inCause?.visit.exitedAt !== undefined && !inCause.visit.failed;
  if (isBehind && step !== undefined) return `${cause.path} failed, was tried again, and is done.`;
  switch (next.kind) {
    case "retry":
      return `${cause.path} failed${tries}, and is tried again.`;
    case "people":
      return `${cause.path} failed${tries}; people are asked what to do.`;
    case "compensation":
      return `The run is being given up because of ${cause.path}.`;
    default:
      break;
  }
  if (status === "failed") return `The run failed in ${cause.path}${tries}.`;
  if (status === "abandoned") return `The run was given up because of ${cause.path}${tries}${decidedBy(of)}.`;
  return `${cause.path} failed${tries}; the run went on.`;
}

/** Who gave a run up, where a person did. */
function decidedBy({ facts }: Case): string {
  const last = facts.escalations.findLast(({ decision }) => decision !== null);
  return last === undefined ? "" : `; ${last.decidedBy} decided to ${last.decision}`;
}
