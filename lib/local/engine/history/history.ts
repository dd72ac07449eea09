import { StatesError } from "../error-names.ts";
import type { EventDetails, EventType, RecordedEvent } from "./events.ts";

/** Hard limit of AWS: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_EVENTS = 25_000;

/** The events of one execution, numbered as AWS numbers them. */
export class History {
  readonly #events: RecordedEvent[] = [];
  #lastId = 0;

  /** @param kept whether the events can be asked for. Those of a distributed map's items only count. */
  constructor(private readonly kept: boolean) {}

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** Only the event that ends the execution has a place left. */
  get full(): boolean {
    return this.#lastId >= MAX_EVENTS - 1;
  }

  /** @throws {@link HistoryFull} when only the event that ends the execution has a place left. */
  add(at: number, type: EventType, previousEventId: number, details?: EventDetails): number {
    if (this.full && !CLOSING.has(type)) throw new HistoryFull();
    this.#lastId += 1;
    if (this.kept) this.#events.push({ id: this.#lastId, previousEventId, at, type, details });
    return this.#lastId;
  }
}

const CLOSING: ReadonlySet<EventType> = new Set([
  "ExecutionSucceeded",
  "ExecutionFailed",
  "ExecutionAborted",
  "ExecutionTimedOut",
]);

/** Ends the execution: there is no place for what it does next. */
export class HistoryFull extends Error {
  override readonly name = "HistoryFull";
  readonly failure = {
    error: StatesError.Runtime,
    cause: `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
  };
}
