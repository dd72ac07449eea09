import type { Clock } from "../ports/index.ts";

/**
 * Time that stands still while there is something to do and jumps to the next timer as soon as there is not.
 *
 * Idle means: no hold is open and the event loop has turned once. Whoever works on something the event loop does not
 * show at every turn (reading a file, calling a service) holds the clock for as long.
 */
export interface VirtualClock extends Clock {
  /** Keeps time from passing until the returned function is called. Calling that again changes nothing. */
  hold(): () => void;
  /**
   * Waits in virtual time. For code that runs under somebody's hold, such as the handler of a task: the hold does not
   * count while it sleeps.
   *
   * @param milliseconds `Infinity` sleeps until the signal aborts.
   * @param signal ends the sleep early, without an error.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

interface Timer {
  readonly time: number;
  readonly order: number;
  readonly wake: () => void;
}

/** @param start milliseconds since the epoch. Default 2026-01-01T00:00:00Z. */
export function virtualClock(start = Date.UTC(2026, 0, 1)): VirtualClock {
  let time = start;
  let holds = 0;
  let order = 0;
  let scheduled = false;
  const timers: Timer[] = [];

  const schedule = () => {
    if (scheduled || holds > 0 || timers.length === 0) return;
    scheduled = true;
    setImmediate(jump);
  };
  const jump = () => {
    scheduled = false;
    if (holds > 0) return;
    const timer = timers.pop();
    if (timer === undefined) return;
    time = Math.max(time, timer.time);
    timer.wake();
    schedule();
  };
  const release = () => {
    holds -= 1;
    schedule();
  };

  return {
    now: () => time,
    at(due, wake) {
      const timer = { time: due, order: order++, wake };
      push(timers, timer);
      schedule();
      return () => remove(timers, timer);
    },
    hold() {
      let open = true;
      holds += 1;
      return () => {
        if (open) release();
        open = false;
      };
    },
    sleep(milliseconds, signal) {
      return new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const wake = () => {
          holds += 1;
          cancel();
          signal?.removeEventListener("abort", wake);
          resolve();
        };
        const cancel = Number.isFinite(milliseconds) ? this.at(time + milliseconds, wake) : () => undefined;
        signal?.addEventListener("abort", wake, { once: true });
        release();
      });
    },
  };
}

const isBefore = (left: Timer, right: Timer) =>
  left.time < right.time || (left.time === right.time && left.order < right.order);

/** Keeps the list sorted, latest first, so that the earliest comes off its end. */
function push(timers: Timer[], timer: Timer): void {
  timers.splice(indexOf(timers, timer), 0, timer);
}

function remove(timers: Timer[], timer: Timer): void {
  const index = indexOf(timers, timer);
  if (timers[index] === timer) timers.splice(index, 1);
}

function indexOf(timers: readonly Timer[], timer: Timer): number {
  let low = 0;
  let high = timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = timers[middle];
    if (at !== undefined && isBefore(timer, at)) low = middle + 1;
    else high = middle;
  }
  return low;
}
