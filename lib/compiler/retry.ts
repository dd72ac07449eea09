import { ErrorClass, TRANSPORT_ERRORS } from "../contract/index.ts";
import {
  type Backoff,
  BUSY,
  busyRetries,
  busyRetriesOf,
  RETRY_PRESETS,
  type ReasonStep,
  type RetryPolicy,
  retryPolicy,
  secondsOf,
  type WorkStep,
  yields,
} from "../definition/index.ts";
import type { Retrier } from "./asl.ts";

/** Which errors each part of a policy is for, in the order in which Step Functions tries them. */
const RETRIED = {
  transport: TRANSPORT_ERRORS,
  throttled: [ErrorClass.Throttled],
  transient: [ErrorClass.Transient, "States.Timeout"],
  invalidOutput: [ErrorClass.InvalidOutput],
} as const satisfies Record<keyof RetryPolicy, readonly string[]>;

const BACKOFFS = ["transport", "throttled", "transient", "invalidOutput"] as const;

/** The retriers of a step: those of its policy, for one with a lease the one that outwaits that of a dead attempt, and for a loop the one that goes on with it. */
export function stepRetriers(step: WorkStep, leased: boolean): Retrier[] {
  return [
    ...retriers(retryPolicy(step.retry)),
    ...(leased ? [busyRetrier(busyRetriesOf(step))] : []),
    ...(step.kind === "reason" ? [yieldRetrier(step)] : []),
  ];
}

/** The retriers of the one Task that undoes any of these steps: undoing is a write, and worth patience. */
export const undoRetriers = (steps: readonly Pick<WorkStep, "timeout">[]): Retrier[] => [
  ...retriers(RETRY_PRESETS.patient),
  busyRetrier(busyRetries(secondsOf(longestOf(steps).timeout))),
];

export function retriers(policy: RetryPolicy): Retrier[] {
  return BACKOFFS.filter((kind) => policy[kind].retries > 0).map((kind) => retrier(RETRIED[kind], policy[kind]));
}

export function retrier(errors: readonly string[], backoff: Backoff): Retrier {
  return {
    ErrorEquals: errors,
    IntervalSeconds: secondsOf(backoff.interval),
    BackoffRate: backoff.backoffRate,
    MaxAttempts: backoff.retries,
    MaxDelaySeconds: Math.max(secondsOf(backoff.maxDelay), secondsOf(backoff.interval) + 1),
    JitterStrategy: "FULL",
  };
}

/** Whatever keeps a question from being asked is tried again for more than an hour, so that no tier is skipped for it. */
export const ASKING: readonly Retrier[] = [
  retrier([...TRANSPORT_ERRORS, "States.TaskFailed"], { retries: 20, interval: "2s", backoffRate: 2, maxDelay: "5m" }),
];

/** What is kept for the record is tried for a minute or two; work that is done does not wait longer for it. */
export const RECORDING: readonly Retrier[] = [
  retrier([...TRANSPORT_ERRORS, "States.TaskFailed"], { retries: 5, interval: "2s", backoffRate: 2, maxDelay: "60s" }),
];

/** The retriers of the Task that opens a subflow's run. */
export const SUBFLOW_OPENING: readonly Retrier[] = [
  retrier(RETRIED.transport, RETRY_PRESETS.standard.transport),
  retrier(RETRIED.throttled, RETRY_PRESETS.standard.throttled),
  retrier(RETRIED.transient, RETRY_PRESETS.standard.transient),
];

/** Without jitter, since the delays must add up to a lease: only one attempt waits for it, so there is no herd to spread. */
const busyRetrier = (retries: number): Retrier => ({
  ErrorEquals: [ErrorClass.StepBusy],
  IntervalSeconds: BUSY.interval,
  BackoffRate: BUSY.backoffRate,
  MaxAttempts: retries,
  MaxDelaySeconds: BUSY.maxDelay,
  JitterStrategy: "NONE",
});

/** At once, and as often as the loop may need it. */
const yieldRetrier = (step: ReasonStep): Retrier => ({
  ErrorEquals: [ErrorClass.Yielded],
  IntervalSeconds: 1,
  BackoffRate: 1,
  MaxAttempts: yields(step),
  MaxDelaySeconds: 2,
  JitterStrategy: "NONE",
});

const longestOf = (steps: readonly Pick<WorkStep, "timeout">[]) =>
  steps.reduce((a, b) => (secondsOf(b.timeout) > secondsOf(a.timeout) ? b : a));

/** The longest that a retrier's delays can add up to, in seconds. */
export function longestDelay({ IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds }: Retrier): number {
  let seconds = 0;
  for (let retry = 0; retry < MaxAttempts; retry += 1) {
    seconds += Math.min(IntervalSeconds * BackoffRate ** retry, MaxDelaySeconds);
  }
  return seconds;
}
