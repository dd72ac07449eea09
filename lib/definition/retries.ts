import { ErrorClass, LAMBDA_GRACE_SECONDS } from "../contract/index.ts";
import { secondsOf } from "./duration.ts";
import { RETRY_PRESETS, type RetryPolicy, retryPolicy } from "./policies.ts";
import type { ReasonStep, WorkStep } from "./work-steps.ts";

/** How often a step is tried again, by the class of its failure; a class that is not named is not retried. */
export type Retries = Readonly<Partial<Record<ErrorClass, number>>>;

export const stepRetries = (step: WorkStep, leased: boolean): Retries => ({
  ...policyRetries(retryPolicy(step.retry)),
  ...(leased ? { [ErrorClass.StepBusy]: busyRetriesOf(step) } : {}),
  ...(step.kind === "reason" ? { [ErrorClass.Yielded]: yields(step) } : {}),
});

/** The same of its undoing, which is a write, and worth patience. */
export const undoRetries = ({ timeout }: Pick<WorkStep, "timeout">): Retries => ({
  ...policyRetries(RETRY_PRESETS.patient),
  [ErrorClass.StepBusy]: busyRetries(secondsOf(timeout)),
});

const policyRetries = ({ throttled, transient, invalidOutput }: RetryPolicy): Retries => ({
  [ErrorClass.Throttled]: throttled.retries,
  [ErrorClass.Transient]: transient.retries,
  [ErrorClass.InvalidOutput]: invalidOutput.retries,
});

/** How often a loop may go on in another attempt: each does a turn of it, or a part of one, before its time is short. */
export const yields = ({ limits }: ReasonStep): number => 3 * limits.turns;

/** How a lease is waited for, in seconds. */
export const BUSY = { interval: 5, backoffRate: 2, maxDelay: 60 } as const;

/** So many that they outwait a lease, which lives as long as its attempt may run. */
export function busyRetries(timeoutSeconds: number): number {
  const lease = timeoutSeconds + LAMBDA_GRACE_SECONDS;
  let retries = 0;
  for (let waited = 0; waited <= lease; retries += 1) waited += busyDelay(retries);
  return retries;
}

/** A loop may lose several of its attempts before it comes to its end. */
const LOST_ATTEMPTS = 3;

/** How often a step waits for the lease of an attempt that died. */
export const busyRetriesOf = (step: WorkStep): number =>
  busyRetries(secondsOf(step.timeout)) * (step.kind === "reason" ? LOST_ATTEMPTS : 1);

const busyDelay = (retry: number) => Math.min(BUSY.interval * BUSY.backoffRate ** retry, BUSY.maxDelay);
