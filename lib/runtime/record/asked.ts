import type { Item } from "../../ports/index.ts";
import { reportedError } from "../function-error.ts";
import { answerOf, incidentOf } from "../people/escalation.ts";
import type { Surrender } from "./attempts.ts";
import type { Placed } from "./decision-record.ts";

/** What people were asked, and what came of it. @param questions items of escalations. */
export const asked = (questions: readonly Item[]): Placed[] =>
  questions.flatMap((item) => [questionOf(item), ...answerTo(item)]);

/** The failures that were handed to people, and the attempts that ended in asking them. */
export const surrendered = (questions: readonly Item[]): Surrender[] =>
  questions.flatMap((item) => {
    const { kind, step, path, attempts, entered, error, cause } = incidentOf(item);
    if (kind === "compensation" || attempts === undefined || entered === undefined) return [];
    const reason = reportedError(error, cause);
    return [{ step, path, attempts, entered, at: String(item.openedAt), evidence: item.sk, reason }];
  });

function about(item: Item) {
  const { step, path, decisions, error, cause } = incidentOf(item);
  const rule = `ladder ${item.ladder}, tier ${item.tier}`;
  return {
    since: String(item.openedAt),
    step,
    path,
    options: decisions,
    rule,
    evidence: [item.sk],
    reason: reportedError(error, cause),
  };
}

const questionOf = (item: Item): Placed => ({
  ...about(item),
  rank: 0,
  at: String(item.openedAt),
  kind: "escalation",
  chosen: `ask ${item.audience}`,
  by: null,
});

function answerTo(item: Item): Placed[] {
  if (item.status === "decided") {
    const { decision, by, at } = answerOf(item);
    return [{ ...about(item), rank: 1, at, kind: "decision", chosen: decision, by }];
  }
  if (item.status !== "expired") return [];
  const at = String(item.expiredAt ?? item.deadline);
  return [
    {
      ...about(item),
      rank: 1,
      at,
      kind: "silence",
      chosen: at < String(item.deadline) ? "withdrawn" : "no answer",
      by: null,
    },
  ];
}
