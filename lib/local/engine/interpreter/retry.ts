import type { Catcher, Retrier } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import type { Failure } from "./entry.ts";

export type FailureDecision =
  | { readonly kind: "retry"; readonly retrier: number; readonly delayMs: number }
  | { readonly kind: "catch"; readonly catcher: Catcher; readonly index: number }
  | { readonly kind: "fail" };

interface Rules {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

/**
 * What becomes of a failed attempt.
 *
 * @param retries how often each retrier has been used during this visit to the state.
 * @param random for jitter.
 */
export function decideFailure(
  { retry, catch: catchers }: Rules,
  failure: Failure,
  retries: readonly number[],
  random: () => number,
): FailureDecision {
  const retrier = retry.findIndex(({ errors }) => matches(errors, failure));
  const policy = retry[retrier];
  const used = retries[retrier] ?? 0;
  if (policy !== undefined && used < policy.maxAttempts)
    return { kind: "retry", retrier, delayMs: retryDelayMs(policy, used, random) };
  const index = catchers.findIndex(({ errors }) => matches(errors, failure));
  const catcher = catchers[index];
  return catcher === undefined ? { kind: "fail" } : { kind: "catch", catcher, index };
}

/** @param used how often the retrier has been used before. */
function retryDelayMs(
  { intervalSeconds, backoffRate, maxDelaySeconds, jitter }: Retrier,
  used: number,
  random: () => number,
): number {
  const delay = Math.min(intervalSeconds * backoffRate ** used, maxDelaySeconds, LONGEST_DELAY_SECONDS) * 1000;
  return Math.round(jitter ? delay * random() : delay);
}

/** A year, which no execution outlives. */
const LONGEST_DELAY_SECONDS = 31_536_000;

const TIMEOUTS: ReadonlySet<string> = new Set([StatesError.Timeout, StatesError.HeartbeatTimeout]);

function matches(errors: readonly string[], { error = "" }: Failure): boolean {
  if (error === StatesError.Runtime) return false;
  return errors.some((name) => {
    if (name === error) return true;
    if (name === StatesError.Timeout) return error === StatesError.HeartbeatTimeout;
    if (error === StatesError.DataLimitExceeded) return false;
    return name === StatesError.All || (name === StatesError.TaskFailed && !TIMEOUTS.has(error));
  });
}
