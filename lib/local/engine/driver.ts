import type { EngineOptions, ExecutionEvent } from "./api.ts";
import type { Resource } from "./definition/model.ts";
import { describe } from "./describe.ts";
import { StatesError } from "./error-names.ts";
import { renderEvent } from "./history/render.ts";
import type { Entry, Happening, Outcome } from "./interpreter/entry.ts";
import type { Stepped } from "./interpreter/execution.ts";
import type { TaskCall, Work } from "./interpreter/work.ts";
import type { Append, ExecutionRecord, Journal } from "./journal/journal.ts";
import type { Running } from "./running.ts";
import { callTask, invocationOf, type TaskHandler } from "./tasks.ts";

export interface DriverPorts extends Pick<EngineOptions, "clock"> {
  readonly onStatusChange: EngineOptions["onStatusChange"] | undefined;
  readonly journal: Journal;
  readonly handlerOf: (resource: Resource) => TaskHandler | undefined;
  /** The outcome of a job that a task has started, once there is one. */
  readonly outcomeOfJob: (job: Extract<Work, { kind: "job" }>) => Promise<Outcome>;
}

/**
 * Makes happen what executions ask for, and tells them what happened.
 *
 * An entry takes effect on the execution at once, on the world only when it is durable: until then no task is called,
 * no timer set, nobody told.
 */
export class Driver {
  readonly running = new Map<string, Running>();
  readonly #listeners = new Set<(event: ExecutionEvent) => void>();
  readonly #watchers = new Map<Running, Set<() => void>>();
  #closed = false;

  constructor(private readonly ports: DriverPorts) {}

  /** @returns whether the execution accepted it, once that is durable. */
  tell(running: Running, happening: Happening, definition?: Append["definition"]): Promise<boolean> {
    const { execution } = running;
    const at = Math.max(running.lastAt, this.ports.clock.now());
    const before = execution.standing;
    const entry: Entry = { ...happening, at };
    const stepped = execution.apply(entry);
    if (!stepped.accepted) return Promise.resolve(false);
    running.lastAt = at;
    const changed = execution.standing !== before || happening.kind === "started";
    if (changed) running.record = { ...running.record, standing: execution.standing };
    const { expired } = stepped;
    return this.#keep(running, stepped, {
      arn: running.record.identity.arn,
      sequence: running.sequence++,
      entry: expired.length === 0 ? entry : { ...entry, expired },
      ...(changed ? { record: running.record } : {}),
      ...(definition === undefined ? {} : { definition }),
    });
  }

  #keep(running: Running, stepped: Stepped, append: Append): Promise<boolean> {
    const release = this.ports.clock.hold?.();
    running.writes += 1;
    return new Promise((resolve, reject) => {
      this.ports.journal.append(append, (failure) => {
        running.writes -= 1;
        if (failure === undefined) {
          this.#perform(running, stepped, append.record);
          resolve(true);
        } else reject(failure);
        release?.();
      });
    });
  }

  /** Takes up all work of an execution that has been replayed. */
  takeUp(running: Running): void {
    this.running.set(running.record.identity.arn, running);
    for (const [id, work] of running.execution.work) this.#begin(running, id, work);
  }

  /** @param record as it has become durable; later entries may have changed it again. */
  #perform(running: Running, { begun, ended, events }: Stepped, record: ExecutionRecord | undefined): void {
    if (this.#closed) return;
    for (const id of ended) this.#end(running, id);
    for (const [id, work] of begun) this.#begin(running, id, work);
    this.#publish(running, events);
    if (record !== undefined) {
      if (record.standing.status !== "RUNNING") this.running.delete(record.identity.arn);
      this.ports.onStatusChange?.(describe(record));
    }
    for (const look of this.#watchers.get(running) ?? []) look();
  }

  #begin(running: Running, id: number, work: Work): void {
    if (!running.execution.work.has(id)) return;
    switch (work.kind) {
      case "timer":
        running.stops.set(
          id,
          this.ports.clock.at(work.at, () => this.#report(running, { kind: "timer", work: id })),
        );
        return;
      case "call":
        this.#call(running, id, work.call);
        return;
      case "job":
        void this.ports.outcomeOfJob(work).then((outcome) => {
          this.#report(running, { kind: "completion", work: id, outcome });
        });
        return;
      case "token":
        return;
    }
  }

  #end(running: Running, id: number): void {
    running.stops.get(id)?.();
    running.stops.delete(id);
  }

  #call(running: Running, id: number, call: TaskCall): void {
    const release = this.ports.clock.hold?.();
    const handler = this.ports.handlerOf(call.resource);
    const { invocation, abort } = invocationOf(call, running.record);
    running.stops.set(id, abort);
    const answered = handler === undefined ? Promise.resolve(unhandled(call.resource)) : callTask(handler, invocation);
    void answered.then((outcome) => {
      running.stops.delete(id);
      this.#report(running, { kind: "response", work: id, outcome });
      release?.();
    });
  }

  /** Of what comes too late nobody needs to know. */
  #report(running: Running, happening: Exclude<Happening, { kind: "started" }>): void {
    if (!this.#closed) void this.tell(running, happening);
  }

  /** @param count how many events are durable; later entries may have added more. */
  #publish(running: Running, count: number): void {
    const { told } = running;
    running.told = count;
    if (this.#listeners.size === 0) return;
    const { identity, traceHeader } = running.record;
    const of = { executionArn: identity.arn, ...(traceHeader === undefined ? {} : { traceHeader }) };
    for (const recorded of running.execution.history.events.slice(told, count)) {
      const event = { ...of, event: renderEvent(recorded) };
      for (const listener of this.#listeners) listener(event);
    }
  }

  subscribe(listener: (event: ExecutionEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with what `look` finds in an execution, as soon as it finds something. */
  until<Found>(running: Running, look: (running: Running) => Found | undefined): Promise<Found> {
    return new Promise((resolve) => {
      const watchers = this.#watchers.get(running) ?? new Set();
      const watch = () => {
        const found = look(running);
        if (found === undefined) return;
        watchers.delete(watch);
        if (watchers.size === 0) this.#watchers.delete(running);
        resolve(found);
      };
      this.#watchers.set(running, watchers.add(watch));
      watch();
    });
  }

  close(): void {
    this.#closed = true;
    for (const { stops } of this.running.values()) for (const stop of stops.values()) stop();
  }
}

const unhandled = ({ arn }: Resource): Outcome => ({
  failure: { error: StatesError.Runtime, cause: `No handler is registered for the resource '${arn}'.` },
});
