import type { Tier } from "../../../lib/definition/index.ts";
import type { Invariant, RunEvidence } from "../evidence.ts";
import type { Recorded } from "../truth.ts";
import { escalationsOf } from "./look-up.ts";

interface Vote {
  readonly by: string;
  readonly decision: string;
  readonly content: string;
}

/** Every decision was made by as many members as the document asks for, all alike, and never by who asked for the run. */
export const decidedByEntitled: Invariant = (evidence) =>
  [...escalationsOf(evidence)].flatMap(([fact, { id, decision }]) => {
    if (fact.kind !== "written" || decision === undefined || fact.before?.answer !== undefined) return [];
    const run = evidence.runs.find(({ runId }) => runId === fact.after.runId);
    const tier = run === undefined ? undefined : tierOf(run, fact);
    if (run === undefined || tier === undefined) return [];
    const votes = JSON.parse(String(fact.after.votes)) as readonly Vote[];
    const last = votes.at(-1);
    const alike = new Set(votes.filter(({ content }) => content === last?.content).map(({ by }) => by));
    const isObjection = decision === "reject" || decision === "abort";
    const { requester } = run.agent;
    const asker = requester === undefined ? undefined : (run.input as Record<string, unknown>)[requester];
    return [
      ...(isObjection || alike.size >= tier.approvals
        ? []
        : [`${id} was decided by ${alike.size}, not ${tier.approvals}`]),
      ...[...alike].filter((by) => by === asker).map((by) => `${id} was decided by ${by}, who had asked for the run`),
      ...[...alike].filter((by) => tier.members?.includes(by) === false).map((by) => `${id} was decided by ${by}`),
    ];
  });

function tierOf({ agent }: RunEvidence, fact: Recorded): Tier | undefined {
  if (fact.kind !== "written") return undefined;
  return agent.escalations[String(fact.after.ladder)]?.tiers[Number(fact.after.tier) - 1];
}
