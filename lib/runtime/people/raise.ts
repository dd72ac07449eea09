import { Ledger, RUN, raiseAttribute, runKey } from "../../contract/index.ts";
import { amountsOf } from "../cost.ts";
import type { PlatformPorts } from "../ports.ts";
import { ledgersUnder } from "../runs.ts";

/** What people add to a run's budget. */
export interface Raise {
  readonly tokens?: number;
  /** US dollars. */
  readonly usd?: number;
  readonly steps?: number;
  readonly wallClockSeconds?: number;
}

/**
 * Adds to the budget of a run, and what it spends of those above it to theirs. What has no limit gets none. Repeating the
 * raise of an escalation changes nothing.
 */
export async function raiseBudget(
  ports: Pick<PlatformPorts, "store">,
  runId: string,
  escalationId: string,
  { steps = 0, wallClockSeconds = 0, ...cost }: Raise,
): Promise<void> {
  const { tokens, microUsd } = amountsOf(cost);
  const mark = raiseAttribute(escalationId);
  for (const ledger of new Set([runId, ...(await ledgersUnder(ports, runId))])) {
    const key = { pk: runKey(ledger), sk: RUN };
    const run = await ports.store.get(key);
    const own = ledger === runId ? { [Ledger.stepsRaised]: steps, [Ledger.secondsRaised]: wallClockSeconds } : {};
    const add = {
      ...(run?.[Ledger.tokensLeft] === undefined ? {} : { [Ledger.tokensLeft]: tokens }),
      ...(run?.[Ledger.microUsdLeft] === undefined ? {} : { [Ledger.microUsdLeft]: microUsd }),
      ...own,
    };
    await ports.store.update(key, { set: { [mark]: true }, add }, { kind: "matches", lacks: [mark] });
  }
}
