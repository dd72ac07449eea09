import type { Clock } from "../ports/index.ts";

/** The time of the machine. Its timers keep a function at work: who waits for one has not answered yet. */
export const systemClock: Clock = {
  now: () => Date.now(),
  at(time, wake) {
    const timer = setTimeout(wake, Math.max(0, time - Date.now()));
    return () => clearTimeout(timer);
  },
};
