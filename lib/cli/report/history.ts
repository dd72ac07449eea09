/** The part of an execution's history that a report needs, as AWS and the embedded engine give it. */
export interface HistoryEvent {
  readonly id?: number | undefined;
  readonly previousEventId?: number | undefined;
  readonly timestamp: Date | undefined;
  readonly type: string | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: unknown } | undefined;
  readonly stateExitedEventDetails?: { readonly name?: unknown } | undefined;
  readonly taskScheduledEventDetails?: { readonly resource?: unknown } | undefined;
  readonly taskFailedEventDetails?: { readonly error?: unknown; readonly cause?: unknown } | undefined;
  readonly mapIterationStartedEventDetails?: { readonly index?: unknown } | undefined;
}

/** One stay in a state, from entry to exit. */
export interface StateVisit {
  readonly state: string;
  /** Type of the state, such as `Task`. */
  readonly kind: string;
  /** The indices of the items around it, outermost first. */
  readonly items: readonly number[];
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  exitedAt: number | undefined;
  /** How often its task was begun. */
  attempts: number;
  /** Its last attempt failed. */
  failed: boolean;
  /** The Map or Parallel around it. */
  readonly parent: StateVisit | undefined;
}

/** Where an event left off: the state that was visited, and the indices of the items around it. */
interface Place {
  readonly visit: StateVisit | undefined;
  readonly items: readonly number[];
}

/**
 * Reads the visits of states out of a history, event by event. Those of concurrent branches are interleaved, so each is
 * followed back by its `previousEventId` to the state that it belongs to.
 */
export class HistoryReader {
  readonly visits: StateVisit[] = [];
  /** Lambda invocations. */
  invocations = 0;
  readonly #places = new Map<number, Place>();
  #retries = 0;

  /** State transitions as AWS bills them: a retry is one too. */
  get transitions(): number {
    return this.visits.length + this.#retries;
  }

  /** Takes the next event and answers with the visit that it belongs to. */
  read(event: HistoryEvent): StateVisit | undefined {
    const before = this.#places.get(event.previousEventId ?? 0) ?? { visit: undefined, items: [] };
    const place = this.#follow(before, event);
    this.#places.set(event.id ?? 0, place);
    return place.visit;
  }

  #follow({ visit, items }: Place, event: HistoryEvent): Place {
    const type = event.type ?? "";
    const at = event.timestamp?.getTime() ?? 0;
    if (type.endsWith("StateEntered")) {
      const parent = visit?.exitedAt === undefined ? visit : visit.parent;
      const state = String(event.stateEnteredEventDetails?.name);
      const kind = type.slice(0, -"StateEntered".length);
      const entered = { state, kind, items, enteredAt: at, exitedAt: undefined, attempts: 0, failed: false, parent };
      this.visits.push(entered);
      return { visit: entered, items };
    }
    if (type === "MapIterationStarted")
      return { visit, items: [...items, Number(event.mapIterationStartedEventDetails?.index)] };
    if (type.endsWith("StateExited")) {
      const left = enclosing(visit, event.stateExitedEventDetails?.name);
      if (left !== undefined) left.exitedAt = at;
      return { visit: left, items: left?.items ?? items };
    }
    if (visit !== undefined) this.#countAttempt(visit, type, event);
    return { visit, items };
  }

  #countAttempt(visit: StateVisit, type: string, event: HistoryEvent): void {
    if (type === "TaskFailed" || type === "TaskTimedOut") visit.failed = true;
    if (type !== "TaskScheduled") return;
    visit.attempts += 1;
    visit.failed = false;
    if (visit.attempts > 1) this.#retries += 1;
    if (String(event.taskScheduledEventDetails?.resource).startsWith("invoke")) this.invocations += 1;
  }
}

/** The visit of that state: this one, or one around it. */
function enclosing(visit: StateVisit | undefined, state: unknown): StateVisit | undefined {
  let candidate = visit;
  while (candidate !== undefined && candidate.state !== state) candidate = candidate.parent;
  return candidate;
}
