import type { TimeBox } from "../expression/expression.ts";

/** Source: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
const LIMIT_MS = 1_000;

/** What did not run out of time before must not do so on a slower day. */
const REPLAY_LIMIT_MS = 60_000;

/** Keeps which evaluations of a step ran out of time; a replayed step goes by what was kept. */
export class RecordingTimeBox {
  readonly expired: number[] = [];
  #runs = 0;

  /** @param replayed what was kept of the same step, if this is not the first time. */
  constructor(private readonly replayed: readonly number[] | undefined) {}

  readonly run: TimeBox = (evaluate) => {
    const ordinal = this.#runs++;
    if (this.replayed?.includes(ordinal) === true) return undefined;
    const outcome = evaluate(this.replayed === undefined ? LIMIT_MS : REPLAY_LIMIT_MS);
    if (outcome === undefined) this.expired.push(ordinal);
    return outcome;
  };
}
