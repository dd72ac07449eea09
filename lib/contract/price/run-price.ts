import { type Counts, priceOf } from "./counts.ts";
import { PRICES } from "./prices.ts";

/** Log lines, in bytes: of an invocation Lambda's own three and one of the step, of a transition the events of its state. */
const LOGGED_BYTES = { invocation: 1_500, transition: 2_000 };

/** What a run costs by what it takes, its logs included, in USD. */
export function runPrice(counts: Counts): number {
  const logged = counts.invocations * LOGGED_BYTES.invocation + counts.transitions * LOGGED_BYTES.transition;
  return priceOf(counts) + (logged * PRICES.logGigabyte) / 1e9;
}
