import { type Clock, ToolFailed } from "../../ports/index.ts";

/**
 * Gives work so long at most, queueing included.
 *
 * @param milliseconds of time. @param outer aborts the work with its reason.
 * @param late what is wrong when the time is up. @default ToolFailed, fault `timedOut`
 */
export async function withinTime<Result>(
  clock: Clock,
  milliseconds: number,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
  late = (): Error => new ToolFailed("timedOut", `It gave no answer within ${milliseconds / 1_000} s.`),
): Promise<Result> {
  outer.throwIfAborted();
  const inner = new AbortController();
  const give = () => inner.abort(outer.reason);
  const cancel = clock.at(clock.now() + milliseconds, () => {
    inner.abort(late());
  });
  outer.addEventListener("abort", give, { once: true });
  try {
    return await unlessAborted(inner.signal, work(inner.signal));
  } finally {
    cancel();
    outer.removeEventListener("abort", give);
  }
}

/**
 * The result of work, or the reason of the signal: work that does not heed it goes on alone, and nobody waits for it. Work
 * that does heed it may say better why it ends.
 */
export async function unlessAborted<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => setImmediate(() => reject(signal.reason));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
