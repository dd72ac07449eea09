import { type Escalation, executionError, reportedError } from "../../../runtime/index.ts";
import { shown, toldAttempts } from "../failed-tries.ts";
import { isContainer, isOpen, type StepVisit } from "../places.ts";
import { askedOf, type Case, type Cause, givingUpOf, isObjection, isTrouble } from "./case.ts";
import { handedOver, isSettled } from "./settled.ts";

/** What stopped the run, or stands in its way. */
export function causeOf(of: Case): Cause | null {
  switch (of.status) {
    case "completed":
      return null;
    case "failed":
    case "abandoned":
      return ofEnd(of);
    case "waiting":
    case "running":
      return (
        ofQuestion(of, askedOf(of)) ??
        ofLastFailure(of, [...of.visits.filter(isOpen), ...handedOver(of)]) ??
        ofGivingUp(of)
      );
  }
}

/** What a step failed with last, whether or not the run went on. */
export const causeOfStep = (of: Case, step: string): Cause | null =>
  ofLastFailure(
    of,
    of.visits.filter((visit) => visit.step === step),
  ) ??
  ofQuestion(
    of,
    of.open.findLast((asked) => isTrouble(asked) && asked.step === step),
  );

function ofEnd(of: Case): Cause | null {
  const error = executionError(of.facts.execution);
  if (error === undefined) return null;
  const last = of.visits.findLast(({ path }) => path === error.path) ?? brokenOff(of);
  const { step = last?.step ?? "", path = last?.path ?? "", attempts = last?.visit.tries.length ?? 0 } = error;
  const { class: name, code, message } = shown(error);
  return { step, path, attempt: attempts, class: name, code, message, ...silenceIn(of, path) };
}

/** People were asked whether something may be done, and none of them answered: nothing has failed but that. */
function silenceIn({ facts }: Case, path: string): Partial<Cause> {
  const last = facts.escalations.filter(({ incident }) => incident.path === path).at(-1);
  if (last === undefined || last.decision !== null || last.incident.kind === "failure") return {};
  const message = `${last.audience} was asked about ${last.step} until ${last.deadline}, the last of ladder ${last.ladder}. Nobody answered.`;
  return { code: "silence", message };
}

/** Where a run stood that was ended from outside. */
const brokenOff = (of: Case): StepVisit | undefined =>
  of.visits.findLast((visit) => isOpen(visit) && !isContainer(visit)) ??
  of.visits.findLast((visit) => visit.visit.failed && !isSettled(of, visit));

const ofQuestion = ({ visits }: Case, asked: Escalation | undefined): Cause | null =>
  asked === undefined || !isTrouble(asked) ? null : fromIncident(asked, visits);

function fromIncident({ incident }: Escalation, visits: readonly StepVisit[]): Cause {
  const { step, path, error, cause, attempts } = incident;
  const tried = visits.findLast((visit) => visit.path === path)?.visit.tries.length;
  const { class: name, code, message } = shown(reportedError(error, cause));
  return { step, path, attempt: attempts ?? tried ?? 0, class: name, code, message };
}

function ofLastFailure({ facts }: Case, visits: readonly StepVisit[]): Cause | null {
  const failed = visits.flatMap((each) => {
    const last = toldAttempts(each, facts).findLast(({ error }) => error !== null);
    return last === undefined ? [] : [{ ...each, last }];
  });
  const latest = failed.sort((a, b) => (String(a.last.endedAt) < String(b.last.endedAt) ? -1 : 1)).at(-1);
  if (latest?.last.error == null) return null;
  const { class: name, code, message } = latest.last.error;
  return { step: latest.step, path: latest.path, attempt: latest.last.attempt, class: name, code, message };
}

/** While completed writes are undone: what they are undone for. */
function ofGivingUp(of: Case): Cause | null {
  const decided = givingUpOf(of);
  if (decided === undefined && of.visits.at(-1)?.kind !== "compensation") return null;
  const reason = decided?.reason ?? null;
  const isMeant = (path: string) => reason?.path === undefined || reason.path === path;
  const failed = of.visits.filter(
    (each) => each.kind !== "compensation" && each.visit.failed && isMeant(each.path) && !isSettled(of, each),
  );
  const objected = of.facts.escalations.findLast((each) => isObjection(each) && isMeant(each.incident.path));
  if (failed.length > 0) return ofLastFailure(of, failed);
  if (objected !== undefined) return fromIncident(objected, of.visits);
  if (reason === null) return null;
  const { step = "", path = "", class: name, code, message } = shown(reason);
  return { step, path, attempt: 0, class: name, code, message };
}
