import type { JsonObject, SegmentDocument, TraceAnnotation } from "../../contract/index.ts";
import { reportedError } from "../../runtime/index.ts";
import type { HistoryEvent } from "../engine/index.ts";
import { HistoryReader, type StateVisit, type Try } from "../history-reader.ts";
import { callId, exceptionId, machineId, visitId } from "./ids.ts";

/** Which execution it is, and of what it is a part. */
export interface TracedRun {
  readonly runId: string;
  readonly agent: string;
  readonly traceId: string;
  /** Of what has started it, where that is known. */
  readonly parentId?: string | undefined;
}

type Annotations = Readonly<Partial<Record<TraceAnnotation, string | number | boolean>>>;

/** How something ended. Times are in milliseconds since the epoch, as everywhere in histories. */
interface Ended {
  readonly at: number | undefined;
  readonly failure?: { readonly error: string; readonly cause: string } | undefined;
}

const CLOSED = /^Execution(Succeeded|Failed|Aborted|TimedOut)$/;

/**
 * What Step Functions and Lambda themselves tell X-Ray of an execution, read out of its history: a segment of the state
 * machine, in it a subsegment of each visit of a state, and below that a segment of each invocation of a function.
 */
export class RunSegments {
  /** The last event that was read. */
  lastEventId = 0;
  readonly #reader = new HistoryReader();
  readonly #open = new Set<StateVisit>();
  /** Functions by the event of their call. */
  readonly #functions = new Map<number, { readonly name: string; readonly path: string | undefined }>();
  #startedAt = 0;

  #isClosed = false;

  constructor(private readonly run: TracedRun) {}

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Takes the next event; answers with the documents that are new by it, or different. */
  read(event: HistoryEvent): readonly SegmentDocument[] {
    this.lastEventId = event.id;
    const at = event.timestamp.getTime();
    if (event.type === "ExecutionStarted") this.#startedAt = at;
    if (event.type === "ExecutionStarted" || event.type === "ExecutionRedriven") {
      this.#isClosed = false;
      return [this.#machine({ at: undefined })];
    }
    const visit = this.#reader.read(event);
    if (CLOSED.test(event.type)) return this.#close(event, at);
    if (visit === undefined) return [];
    if (event.type === "TaskScheduled") this.#rememberFunction(event);
    if (visit.exitedAt === undefined) {
      this.#open.add(visit);
      return [this.#visit(visit), ...this.#calls(visit).slice(-1)];
    }
    return this.#leave(visit, visit.exitedAt);
  }

  #close(event: HistoryEvent, at: number): readonly SegmentDocument[] {
    this.#isClosed = true;
    const { error, cause } = event.executionFailedEventDetails ?? event.executionAbortedEventDetails ?? {};
    const failed = event.type === "ExecutionSucceeded" ? undefined : { error: String(error ?? NAMES[event.type]) };
    const failure = failed === undefined ? undefined : { ...failed, cause: String(cause ?? "") };
    return [...[...this.#open].flatMap((visit) => this.#leave(visit, at)), this.#machine({ at, failure })];
  }

  /** A visit that is over, and those within it that were given up with it. */
  #leave(visit: StateVisit, at: number): readonly SegmentDocument[] {
    const inner = [...this.#open].filter((other) => other !== visit && isWithin(other, visit));
    return [...inner, visit].flatMap((each) => {
      this.#open.delete(each);
      return [...this.#calls(each, at).slice(-1), this.#visit(each, each.exitedAt ?? at)];
    });
  }

  #machine(ended: Ended): SegmentDocument {
    const { runId, agent, parentId } = this.run;
    return {
      ...this.#document(machineId(runId), agent, this.#startedAt, ended),
      ...(parentId === undefined ? {} : { parent_id: parentId }),
      origin: "AWS::StepFunctions::StateMachine",
    };
  }

  #visit(visit: StateVisit, at?: number): SegmentDocument {
    const { runId } = this.run;
    const failure = visit.failed ? visit.tries.at(-1)?.failure : undefined;
    return {
      ...this.#document(visitId(runId, visit.eventId), visit.state, visit.enteredAt, { at, failure }),
      type: "subsegment",
      parent_id: visit.parent === undefined ? machineId(runId) : visitId(runId, visit.parent.eventId),
      ...(visit.kind === "Task" ? { namespace: "aws" } : {}),
    };
  }

  /** @param at when nobody waits for an answer any more. */
  #calls(visit: StateVisit, at?: number): readonly SegmentDocument[] {
    return visit.tries.map((each, index) => this.#call(visit, each, index + 1, at));
  }

  #call(
    visit: StateVisit,
    { eventId, startedAt, invokes, ...told }: Try,
    attempt: number,
    at?: number,
  ): SegmentDocument {
    const { runId } = this.run;
    const { name, path } = this.#functions.get(eventId) ?? { name: "StartExecution", path: undefined };
    // What was answered before it failed has not failed itself: nobody has decided in time.
    const failure = told.endedAt === told.answeredAt ? told.failure : undefined;
    const ended = { at: (invokes ? told.answeredAt : told.endedAt) ?? at, failure };
    const about = { attempt, ...(path === undefined ? {} : { path }) };
    return {
      ...this.#document(callId(runId, eventId), invokes ? name : "StartExecution", startedAt, ended, about),
      ...(invokes ? { origin: "AWS::Lambda::Function" } : { type: "subsegment", namespace: "aws" }),
      parent_id: visitId(runId, visit.eventId),
    };
  }

  #rememberFunction({ id, taskScheduledEventDetails }: HistoryEvent): void {
    const { FunctionName: name, Payload } = JSON.parse(
      String(taskScheduledEventDetails?.parameters ?? "{}"),
    ) as JsonObject;
    const { path } = (Payload ?? {}) as JsonObject;
    const known = typeof path === "string" ? path.slice(0, LONGEST) : undefined;
    if (typeof name === "string") this.#functions.set(id, { name: name.slice(0, LONGEST), path: known });
  }

  #document(
    id: string,
    name: string,
    startedAt: number,
    { at, failure }: Ended,
    about: Annotations = {},
  ): SegmentDocument {
    const { runId, agent, traceId } = this.run;
    const { class: type, code } = failure === undefined ? NONE : told(failure);
    const error = type === undefined ? {} : { error_class: type, error_code: code };
    return {
      id,
      name: name.replaceAll(FOREIGN, "_"),
      trace_id: traceId,
      start_time: startedAt / 1_000,
      ...(at === undefined ? { in_progress: true } : { end_time: Math.max(at, startedAt) / 1_000 }),
      annotations: { run: runId, agent, version: "local", ...about, ...error },
      ...(type === undefined
        ? {}
        : { fault: true, cause: { exceptions: [{ id: exceptionId(id), type, message: code }] } }),
    };
  }
}

const LONGEST = 200;
/** What X-Ray does not take in names (AWS X-Ray developer guide: segment documents). */
const FOREIGN = /[^\p{L}\p{N}\p{Z}_.:/%&#=+\\\-@]/gu;
const NAMES: Readonly<Record<string, string>> = {
  ExecutionTimedOut: "States.Timeout",
  ExecutionAborted: "States.Aborted",
};
const NONE = { class: undefined, code: "" };

/** Class and code; the message may quote what the error is about. */
function told({ error, cause }: { readonly error: string; readonly cause: string }) {
  const { class: type, code } = reportedError(error, cause);
  return { class: /^[\w.:-]{1,100}$/.test(type) ? type : "Error", code };
}

function isWithin(visit: StateVisit, outer: StateVisit): boolean {
  for (let parent = visit.parent; parent !== undefined; parent = parent.parent) if (parent === outer) return true;
  return false;
}
