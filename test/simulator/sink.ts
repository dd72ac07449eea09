import type { Effect } from "./truth.ts";

export type Call = Omit<Effect, "receipt" | "deduplicated">;

/** The world outside: what it was asked to do, and what it did. It knows of no run, no retry and no checkpoint. */
export class Sink {
  readonly #receipts = new Map<string, number>();
  #received = 0;

  constructor(private readonly onEffect: (effect: Effect) => void) {}

  /** @returns the number of the receipt: the first one's where the receiver honours keys, else a new one each time. */
  call(call: Call): number {
    const known = this.#receipts.get(call.idempotencyKey);
    const deduplicated = call.receiver === "keyed" && known !== undefined;
    const receipt = deduplicated ? known : ++this.#received;
    this.#receipts.set(call.idempotencyKey, receipt);
    this.onEffect({ ...call, receipt, deduplicated });
    return receipt;
  }

  /** What came of a call with that key, if there was one. */
  receiptOf(idempotencyKey: string): number | undefined {
    return this.#receipts.get(idempotencyKey);
  }

  /** Observing changes nothing, and never finds quite the same. */
  observe(): number {
    return ++this.#received;
  }
}
