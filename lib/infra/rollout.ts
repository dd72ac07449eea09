/** How a new version takes over from the one before it. Runs in flight stay on theirs in any case. */
export type Rollout = AllAtOnce | Gradual;

export interface AllAtOnce {
  readonly kind: "all-at-once";
}

export interface Gradual {
  /** `canary`: a share first, the rest after one interval. `linear`: the same share again every interval. */
  readonly kind: "canary" | "linear";
  /** Share of the runs that is moved at a time: 1 to 99. @default 10 */
  readonly percentage: number;
  /** Minutes between two moves: 1 to 2100. @default 30 */
  readonly interval: number;
  /** So many runs of the new version may fail or time out within five minutes; one more takes it back. @default 2 */
  readonly tolerated: number;
}

const DEFAULTS = { percentage: 10, interval: 30, tolerated: 2 };
const BOUNDS = { percentage: [1, 99], interval: [1, 2100], tolerated: [0, 10_000] } as const;
const FIELDS = ["percentage", "interval", "tolerated"] as const;

export const ALL_AT_ONCE: Rollout = { kind: "all-at-once" };
export const CANARY: Rollout = { kind: "canary", ...DEFAULTS };

/**
 * The rollout as given by `-c rollout=all-at-once`, `canary` or `linear`, with percentage, minutes and tolerated failures behind it
 * where they differ from the defaults: `linear:20:10:0`.
 *
 * @param otherwise what holds when nothing is given.
 * @throws RangeError for anything else.
 */
export function rolloutOf(text: unknown, otherwise: Rollout): Rollout {
  if (text === undefined) return otherwise;
  const [kind, ...numbers] = typeof text === "string" ? text.split(":") : [];
  if (kind === "all-at-once" && numbers.length === 0) return ALL_AT_ONCE;
  if ((kind === "canary" || kind === "linear") && numbers.length <= FIELDS.length) {
    const given = Object.fromEntries(numbers.map((number, index) => [FIELDS[index], Number(number || Number.NaN)]));
    const rollout: Gradual = { kind, ...DEFAULTS, ...given };
    if (FIELDS.every((field) => isWithin(rollout[field], BOUNDS[field]))) return rollout;
  }
  throw new RangeError(
    `There is no rollout ${JSON.stringify(text)}. Allowed: all-at-once, canary or linear, these with percentage (1 to 99), minutes ` +
      '(1 to 2100) and tolerated failures (0 to 10000), as in "cdk deploy -c rollout=linear:20:10:0".',
  );
}

const isWithin = (value: number, [least, most]: readonly [number, number]) =>
  Number.isInteger(value) && value >= least && value <= most;
