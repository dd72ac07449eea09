import type { Clock } from "../ports/index.ts";

/** Longest delay that Node's timers take. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The clock of the machine. Its timers keep the process alive until they fire or are cancelled. */
export function systemClock(): Clock {
  return {
    now: () => Date.now(),
    at(time, wake) {
      let timer: NodeJS.Timeout;
      const arm = () => {
        const delay = time - Date.now();
        timer =
          delay > LONGEST_DELAY ? setTimeout(arm, LONGEST_DELAY) : setTimeout(wake, Math.max(0, Math.ceil(delay)));
      };
      arm();
      return () => clearTimeout(timer);
    },
  };
}
