import { added, aroundRun, type Counts, runPrice } from "../contract/index.ts";
import type { RunRecord } from "./record/run-record.ts";

/** What a run has cost so far by AWS's list prices, and what its actions have spent. */
export interface RunCost {
  /** What it has taken of what AWS counts, in its machine and around it. */
  readonly counts: Counts;
  /** List price of that in US dollars, by the formula of an estimate. */
  readonly usd: number;
  /** What the actions of its steps have spent, by what they say. */
  readonly tokens: number;
  readonly actionsUsd: number;
  readonly totalUsd: number;
}

/** What the history of an execution tells. */
export type MachineCounts = Pick<Counts, "transitions" | "invocations" | "gigabyteSeconds">;
export type StoreCounts = Pick<Counts, "storeWrites" | "indexWrites" | "storeReads">;

export interface Taken {
  readonly record: RunRecord | undefined;
  readonly machine: MachineCounts;
  /** What the store has counted. @default what the run's items say: DynamoDB counts nothing by run */
  readonly stored?: StoreCounts | undefined;
  /** An event has started it. */
  readonly isTriggered: boolean;
}

/** How long the functions around a run take: none of them is in its history. */
const SECONDS_AROUND = 1;

export function runCost({ record, machine, stored = storedBy(record), isTriggered }: Taken): RunCost {
  const questions = decidedIn(record);
  const around = aroundRun({ isTriggered, questions, secondsPerInvocation: SECONDS_AROUND });
  const counts = { ...added([machine, around]), ...stored };
  const { tokens, microUsd } = spentBy(record);
  const usd = runPrice(counts);
  const actionsUsd = microUsd / 1_000_000;
  return { counts, usd, tokens, actionsUsd, totalUsd: usd + actionsUsd };
}

const decidedIn = (record: RunRecord | undefined) =>
  record?.escalations.filter(({ decision }) => decision !== null).length ?? 0;

/** What a run has written and read by what its items say. What a condition refused, or was written over, is not in it. */
function storedBy(record: RunRecord | undefined): StoreCounts {
  if (record === undefined) return { storeWrites: 0, indexWrites: 0, storeReads: 0 };
  const { steps, actions, failures, escalations, status } = record;
  const leases = steps.filter(({ leased }) => leased).length;
  const intended = actions.filter(({ effect }) => effect === "write").length;
  const decided = decidedIn(record);
  const closed = status === "running" || status === "waiting" ? 0 : 1;
  const asked = escalations.length;
  const ofSteps = steps.length + leases + actions.length + intended + failures.length;
  return {
    storeWrites: 1 + closed + ofSteps + 2 * asked + 3 * decided,
    indexWrites: 1 + 2 * closed + 3 * asked + 5 * decided,
    storeReads: closed + steps.length + 2 * failures.length + intended + 6 * asked + 5 * decided,
  };
}

/** A committed step has what all of its actions have spent; of others, each action is looked at. */
function spentBy(record: RunRecord | undefined): { readonly tokens: number; readonly microUsd: number } {
  const committed = (record?.steps ?? []).filter(({ status }) => status === "committed");
  const isCommitted = (path: string, visit: number) =>
    committed.some((step) => step.path === path && step.visit === visit);
  const open = (record?.actions ?? []).filter(({ path, visit }) => !isCommitted(path, visit));
  const spent = [...committed, ...open];
  return {
    tokens: spent.reduce((sum, { tokens }) => sum + tokens, 0),
    microUsd: spent.reduce((sum, { microUsd }) => sum + microUsd, 0),
  };
}
