import { ErrorClass, HoldfastError, Ledger, RUN, runKey, type StepEvent } from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import type { StepPorts } from "./ports.ts";

/**
 * Holds a step against the agent's limits on steps and wall-clock time. The state machine says which step it is and when
 * the run began; the store is asked only where the declared limit is passed and people may have raised it.
 *
 * @throws Holdfast.BudgetExceeded, code `budget-exceeded`
 */
export async function requireWithinLimits(
  { store, clock }: Pick<StepPorts, "store" | "clock">,
  { name, limits }: StepDefinition,
  { runId, number = 0, startedAt }: StepEvent,
): Promise<void> {
  const seconds = startedAt === undefined ? 0 : (clock.now() - Date.parse(startedAt)) / 1_000;
  const isWithin = (raised: { readonly steps: number; readonly seconds: number }) =>
    number <= (limits.steps ?? Number.POSITIVE_INFINITY) + raised.steps &&
    seconds <= (limits.wallClockSeconds ?? Number.POSITIVE_INFINITY) + raised.seconds;
  if (isWithin({ steps: 0, seconds: 0 })) return;
  const run = await store.get({ pk: runKey(runId), sk: RUN });
  const steps = Number(run?.[Ledger.stepsRaised] ?? 0);
  if (isWithin({ steps, seconds: Number(run?.[Ledger.secondsRaised] ?? 0) })) return;
  throw new HoldfastError(
    ErrorClass.BudgetExceeded,
    "budget-exceeded",
    `Step ${name} would be number ${number} of the run, after ${Math.floor(seconds)} s; the budget allows ${said(limits)}. Raise it (decision raise) or give the run up.`,
  );
}

const said = ({ steps, wallClockSeconds }: StepDefinition["limits"]) =>
  [
    ...(steps === undefined ? [] : [`${steps} steps`]),
    ...(wallClockSeconds === undefined ? [] : [`${wallClockSeconds} s`]),
  ].join(" and ");
