import { PRICES } from "./prices.ts";

export const NOTHING = {
  /** State transitions; a retry is one, too. */
  transitions: 0,
  /** Invocations of functions. */
  invocations: 0,
  gigabyteSeconds: 0,
  /** Of items of at most 1 KB. */
  storeWrites: 0,
  /** Of the indexes: what an item is listed under costs a write to begin with and two to change. */
  indexWrites: 0,
  /** Strongly consistent, of at most 4 KB. */
  storeReads: 0,
  events: 0,
  queueRequests: 0,
};

/** What a run takes of what AWS counts. */
export type Counts = Readonly<typeof NOTHING>;

const each = (of: (key: keyof Counts) => number): Counts =>
  Object.fromEntries(Object.keys(NOTHING).map((key) => [key, of(key as keyof Counts)])) as Counts;

export const added = (all: readonly Partial<Counts>[]): Counts =>
  each((key) => all.reduce((sum, counts) => sum + (counts[key] ?? 0), 0));

export const times = (counts: Counts, factor: number): Counts => each((key) => counts[key] * factor);

const PRICE_OF: Readonly<Record<keyof Counts, number>> = {
  transitions: PRICES.stateTransition,
  invocations: PRICES.lambdaRequest,
  gigabyteSeconds: PRICES.lambdaGigabyteSecond,
  storeWrites: PRICES.storeWrite,
  indexWrites: PRICES.storeWrite,
  storeReads: PRICES.storeRead,
  events: PRICES.event,
  queueRequests: PRICES.queueRequest,
};

/** What the counts come to at list price, in USD. */
export const priceOf = (counts: Counts): number =>
  (Object.keys(NOTHING) as (keyof Counts)[]).reduce((sum, key) => sum + counts[key] * PRICE_OF[key], 0);
