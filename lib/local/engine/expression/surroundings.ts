/** Where the expressions of one evaluation get what is not in their data from. */
export interface Surroundings {
  /** Milliseconds since the epoch, as `$now()` and `$millis()` see it. */
  readonly now: number;
  readonly random: () => number;
  readonly uuid: () => string;
}
