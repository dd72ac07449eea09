/** The part of an execution's history that is read here, as AWS and the embedded engine give it. */
export interface ReadEvent {
  readonly id?: number | undefined;
  readonly previousEventId?: number | undefined;
  readonly timestamp: Date | undefined;
  readonly type: string | undefined;
  readonly stateEnteredEventDetails?: { readonly name?: unknown; readonly input?: unknown } | undefined;
  readonly stateExitedEventDetails?: { readonly name?: unknown } | undefined;
  readonly taskScheduledEventDetails?: { readonly resource?: unknown } | undefined;
  readonly taskFailedEventDetails?: TaskFailure | undefined;
  readonly taskTimedOutEventDetails?: TaskFailure | undefined;
  readonly taskStartFailedEventDetails?: TaskFailure | undefined;
  readonly taskSubmitFailedEventDetails?: TaskFailure | undefined;
  readonly mapIterationStartedEventDetails?: { readonly index?: unknown } | undefined;
}

interface TaskFailure {
  readonly error?: unknown;
  readonly cause?: unknown;
}

/** One attempt of a Task. Times are milliseconds since the epoch. */
export interface Try {
  /** Of the event that says so. */
  readonly eventId: number;
  readonly startedAt: number;
  /** Until the function answered, which is before people do. */
  answeredAt: number | undefined;
  endedAt: number | undefined;
  /** As Step Functions tells of it. */
  failure: { readonly error: string; readonly cause: string } | undefined;
  /** Invokes a function. */
  readonly invokes: boolean;
}

/** One stay in a state, from entry to exit. */
export interface StateVisit {
  /** Of the event of its entry. */
  readonly eventId: number;
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
  readonly tries: Try[];
  /** What it was entered with, as JSON text; where the history leaves data out, nothing. */
  readonly input: string | undefined;
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
  read(event: ReadEvent): StateVisit | undefined {
    const before = this.#places.get(event.previousEventId ?? 0) ?? { visit: undefined, items: [] };
    const place = this.#follow(before, event);
    this.#places.set(event.id ?? 0, place);
    return place.visit;
  }

  #follow({ visit, items }: Place, event: ReadEvent): Place {
    const type = event.type ?? "";
    const at = event.timestamp?.getTime() ?? 0;
    if (type.endsWith("StateEntered")) {
      const parent = visit?.exitedAt === undefined ? visit : visit.parent;
      const state = String(event.stateEnteredEventDetails?.name);
      const kind = type.slice(0, -"StateEntered".length);
      const { input: given } = event.stateEnteredEventDetails ?? {};
      const input = typeof given === "string" ? given : undefined;
      const untried = { exitedAt: undefined, attempts: 0, failed: false, tries: [] };
      const entered: StateVisit = {
        eventId: event.id ?? 0,
        state,
        kind,
        items,
        enteredAt: at,
        input,
        parent,
        ...untried,
      };
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

  #countAttempt(visit: StateVisit, type: string, event: ReadEvent): void {
    const at = event.timestamp?.getTime() ?? 0;
    const last = visit.tries.at(-1);
    if (type === "TaskScheduled") {
      const invokes = String(event.taskScheduledEventDetails?.resource).startsWith("invoke");
      visit.attempts += 1;
      visit.failed = false;
      const untold = { answeredAt: undefined, endedAt: undefined, failure: undefined };
      visit.tries.push({ eventId: event.id ?? 0, startedAt: at, invokes, ...untold });
      if (visit.attempts > 1) this.#retries += 1;
      if (invokes) this.invocations += 1;
      return;
    }
    if (last === undefined || !ENDS_AN_ATTEMPT.test(type)) return;
    last.answeredAt ??= at;
    if (type === "TaskSubmitted") return;
    last.endedAt = at;
    if (type === "TaskSucceeded") return;
    visit.failed = true;
    last.failure = failureIn(event);
  }
}

/** What a whole history tells. */
export function readHistory(history: readonly ReadEvent[]): HistoryReader {
  const reader = new HistoryReader();
  for (const event of history) reader.read(event);
  return reader;
}

const ENDS_AN_ATTEMPT = /^Task(Submitted|Succeeded|Failed|TimedOut|StartFailed|SubmitFailed)$/;

function failureIn(event: ReadEvent): Try["failure"] {
  const details =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails;
  return { error: String(details?.error ?? "States.Timeout"), cause: String(details?.cause ?? "") };
}

/** The visit of that state: this one, or one around it. */
function enclosing(visit: StateVisit | undefined, state: unknown): StateVisit | undefined {
  let candidate = visit;
  while (candidate !== undefined && candidate.state !== state) candidate = candidate.parent;
  return candidate;
}
