import { type Escalation, executionError, reportedError } from "../../../runtime/index.ts";
import { shown, toldAttempts } from "../failed-tries.ts";
import type { StepVisit } from "../places.ts";
import type { Case, Cause } from "./case.ts";

/** What stopped the run, or stands in its way. Of a step that is asked for by name, what it failed with last. */
export function causeOf(of: Case): Cause | null {
  if (of.options.step !== undefined) return ofLastFailure(of, of.visits) ?? ofQuestion(of);
  switch (of.status) {
    case "completed":
      return null;
    case "failed":
    case "abandoned":
      return ofEnd(of);
    case "waiting":
    case "running":
      return ofQuestion(of) ?? ofLastFailure(of, of.visits.filter(isUnsettled)) ?? ofGivingUp(of);
  }
}

/** Open, or undone because of what failed. */
const isUnsettled = ({ visit }: StepVisit) => visit.exitedAt === undefined;

function ofEnd(of: Case): Cause | null {
  const error = executionError(of.facts.execution);
  if (error === undefined) return null;
  const last = of.visits.findLast(({ path }) => path === error.path) ?? lastBroken(of.visits);
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

const lastBroken = (visits: readonly StepVisit[]) =>
  visits.findLast(({ visit }) => visit.failed) ?? visits.findLast(({ visit }) => visit.exitedAt === undefined);

/** What people are asked about where something has failed; a gate or an approval is no failure. */
function ofQuestion({ open, visits, options: { step } }: Case): Cause | null {
  const asked = open.findLast(
    ({ incident: { kind, step: about } }) =>
      (kind === "failure" || kind === "compensation") && (step === undefined || step === about),
  );
  return asked === undefined ? null : fromIncident(asked, visits);
}

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
  const isUndoing = of.visits.at(-1)?.kind === "compensation";
  const isGivenUp = of.facts.record?.decisions.some(({ kind }) => kind === "compensation") === true;
  if (!isUndoing && !isGivenUp) return null;
  const failed = of.visits.filter(({ kind, visit }) => kind !== "compensation" && visit.failed);
  const decided = of.facts.escalations.findLast(({ decision }) => decision !== null);
  return ofLastFailure(of, failed) ?? (decided === undefined ? null : fromIncident(decided, of.visits));
}
