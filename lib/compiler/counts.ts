import { PRICES } from "./prices.ts";

/** What a run takes of what AWS counts. */
export interface Counts {
  /** State transitions; a retry is one, too. */
  readonly transitions: number;
  /** Invocations of functions. */
  readonly invocations: number;
  readonly gigabyteSeconds: number;
  /** Of items of at most 1 KB. */
  readonly storeWrites: number;
  /** Strongly consistent, of at most 4 KB. */
  readonly storeReads: number;
  readonly events: number;
  readonly queueRequests: number;
}

export const NOTHING: Counts = {
  transitions: 0,
  invocations: 0,
  gigabyteSeconds: 0,
  storeWrites: 0,
  storeReads: 0,
  events: 0,
  queueRequests: 0,
};

export const added = (all: readonly Partial<Counts>[]): Counts =>
  all.reduce<Counts>(
    (sum, { transitions = 0, invocations = 0, gigabyteSeconds = 0, storeWrites = 0, ...rest }) => ({
      transitions: sum.transitions + transitions,
      invocations: sum.invocations + invocations,
      gigabyteSeconds: sum.gigabyteSeconds + gigabyteSeconds,
      storeWrites: sum.storeWrites + storeWrites,
      storeReads: sum.storeReads + (rest.storeReads ?? 0),
      events: sum.events + (rest.events ?? 0),
      queueRequests: sum.queueRequests + (rest.queueRequests ?? 0),
    }),
    NOTHING,
  );

export const times = (counts: Counts, factor: number): Counts => ({
  transitions: counts.transitions * factor,
  invocations: counts.invocations * factor,
  gigabyteSeconds: counts.gigabyteSeconds * factor,
  storeWrites: counts.storeWrites * factor,
  storeReads: counts.storeReads * factor,
  events: counts.events * factor,
  queueRequests: counts.queueRequests * factor,
});

/** What the counts come to at list price, in USD. */
export const priceOf = (counts: Counts): number =>
  counts.transitions * PRICES.stateTransition +
  counts.invocations * PRICES.lambdaRequest +
  counts.gigabyteSeconds * PRICES.lambdaGigabyteSecond +
  counts.storeWrites * PRICES.storeWrite +
  counts.storeReads * PRICES.storeRead +
  counts.events * PRICES.event +
  counts.queueRequests * PRICES.queueRequest;
