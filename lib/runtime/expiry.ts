import { KEPT_SECONDS, LONGEST_RUN_SECONDS } from "../contract/index.ts";
import type { Clock } from "../ports/index.ts";

/**
 * When the table may forget an item of a run, in seconds since the epoch: no run is open that long, so nothing expires
 * that could still be needed, and closing a run need not touch its items.
 */
export const expiryOf = (clock: Clock) => Math.ceil(clock.now() / 1_000) + LONGEST_RUN_SECONDS + KEPT_SECONDS;
