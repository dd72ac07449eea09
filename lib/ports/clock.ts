/**
 * Time as everything outside the adapters sees it.
 *
 * A virtual clock jumps to the next timer as soon as nothing else is left to do, so a wait of days takes no time.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `wake` once, at or after `time` (milliseconds since the epoch). Returns a function that cancels it. */
  at(time: number, wake: () => void): () => void;
}
