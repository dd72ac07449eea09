import { Ledger, RUN, runKey, type SweepEvent } from "../contract/index.ts";
import type { Clock, Execution, Item, Metrics, RunStore } from "../ports/index.ts";
import { agentOf } from "./identity.ts";
import { outcomeOf } from "./outcome.ts";
import { askedOf } from "./people/read.ts";

interface Ports {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** Of each status at most so many are counted; the oldest are not among them then. */
const LISTED = 10_000;
const OPEN = ["running", "waiting"] as const;

/** Measures what of an agent is open. Of an audience at most the 1 000 oldest escalations are counted. */
export async function measureOpen({ store, clock, metrics }: Ports, sweep: SweepEvent["sweep"]): Promise<void> {
  const { name: agent, audiences } = sweep;
  const now = clock.now();
  const runs = (await Promise.all(OPEN.map((status) => store.runs({ agent, status, limit: LISTED })))).flat();
  const ages = runs.map(({ startedAt }) => now - Date.parse(String(startedAt)));
  metrics.record({ agent, values: { runsOpen: runs.length, oldestRunAge: seconds(ages) } });
  if (audiences === undefined) return;

  const asked = (await askedOf({ store, clock }, audiences)).filter((escalation) => escalation.agent === agent);
  const waited = asked.map(({ openedAt, deadline }) => {
    const from = Date.parse(openedAt);
    return { age: now - from, used: (now - from) / Math.max(1, Date.parse(deadline) - from) };
  });
  metrics.record({
    agent,
    values: {
      escalationsOpen: waited.length,
      oldestEscalationAge: seconds(waited.map(({ age }) => age)),
      escalationTimeUsed: greatest(waited.map(({ used }) => 100 * used)),
    },
  });
}

/** Measures how long an event has waited for its run. @param since in milliseconds since the epoch; NaN where it is not known. */
export function measureStart({ clock, metrics }: Pick<Ports, "clock" | "metrics">, agent: string, since: number): void {
  const startDelay = Math.max(0, clock.now() - since);
  if (Number.isFinite(startDelay)) metrics.record({ agent, values: { startDelay } });
}

/** Measures a run that has ended. A status event that is delivered twice counts twice. */
export async function measureEnd(
  { store, metrics }: Pick<Ports, "store" | "metrics">,
  execution: Execution,
): Promise<void> {
  const outcome = outcomeOf(execution);
  if (outcome === undefined) return;
  const agent = agentOf(execution.name);
  metrics.record({ agent, outcome, values: { runsEnded: 1 } });
  const run = await store.get({ pk: runKey(execution.name), sk: RUN });
  if (run !== undefined) metrics.record({ agent, values: spending(run) });
}

function spending(run: Item): { readonly usdSpent?: number; readonly budgetUsed?: number } {
  const shares = [
    [run[Ledger.tokensSpent], run[Ledger.tokensLeft]],
    [run[Ledger.microUsdSpent], run[Ledger.microUsdLeft]],
  ].flatMap(([spent = 0, left]) => {
    const whole = Number(spent) + Number(left);
    return left === undefined || whole <= 0 ? [] : [(100 * Number(spent)) / whole];
  });
  const money = run[Ledger.microUsdLeft] === undefined ? undefined : Number(run[Ledger.microUsdSpent] ?? 0);
  return {
    ...(money === undefined ? {} : { usdSpent: money / 1_000_000 }),
    ...(shares.length === 0 ? {} : { budgetUsed: greatest(shares) }),
  };
}

const greatest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);
const seconds = (milliseconds: readonly number[]) => Math.round(greatest(milliseconds) / 1_000);
