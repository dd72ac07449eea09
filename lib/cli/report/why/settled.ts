import { LADDER_STATE } from "../../../compiler/index.ts";
import type { StateVisit } from "../../../local/index.ts";
import type { StepVisit } from "../places.ts";
import { type Case, isObjection } from "./case.ts";

/** Whether the run has gone on behind a failure: it was stood in for, answered, or the step was entered again. */
export function isSettled({ facts, visits }: Case, { path, visit }: StepVisit): boolean {
  const isStoodIn = facts.record?.decisions.some((each) => each.kind === "stand-in" && each.path === path);
  const isAnswered = facts.escalations.some(
    (each) =>
      each.incident.path === path &&
      each.decision !== null &&
      !isObjection(each) &&
      Date.parse(each.openedAt) >= (visit.exitedAt ?? Number.POSITIVE_INFINITY),
  );
  return (
    isStoodIn === true || isAnswered || visits.some((each) => each.path === path && each.visit.eventId > visit.eventId)
  );
}

/** Failed steps whose ladder is entered, while nobody is asked yet: the question itself can fail, and is tried again. */
export function handedOver({ history, visits, open }: Case): StepVisit[] {
  const isAsked = (path: string) => open.some(({ incident }) => incident.path === path);
  return history
    .filter(({ state, exitedAt }) => exitedAt === undefined && LADDER_STATE.test(state))
    .flatMap((ladder) => {
      let before = leftBefore(history, ladder);
      while (before !== undefined && LADDER_STATE.test(before.state)) before = leftBefore(history, before);
      return visits.filter(({ path, visit }) => visit === before && visit.failed && !isAsked(path));
    });
}

/** The state that was left for this one. */
function leftBefore(history: readonly StateVisit[], { eventId, parent, items, enteredAt }: StateVisit) {
  const place = items.join();
  return history
    .filter(
      (each) =>
        each.eventId < eventId &&
        each.parent === parent &&
        each.items.join() === place &&
        (each.exitedAt ?? Number.POSITIVE_INFINITY) <= enteredAt,
    )
    .sort((a, b) => (a.exitedAt ?? 0) - (b.exitedAt ?? 0) || a.eventId - b.eventId)
    .at(-1);
}
