import { type Json, parseTraceHeader, type SegmentDocument, traceHeader } from "../../contract/index.ts";
import type { HostTracer, Tracer } from "../../ports/index.ts";
import { UNOBSERVED } from "../../runtime/index.ts";
import type { Database } from "../embedded-run-store.ts";
import type { Engine, ExecutionEvent, TaskInvocation } from "../engine/index.ts";
import { type Collector, openCollector } from "./collector.ts";
import { datagramOf } from "./datagram.ts";
import { callId, traceIdOf } from "./ids.ts";
import { RunSegments, type TracedRun } from "./run-segments.ts";
import { SegmentStore } from "./segment-store.ts";

/** Makes the tracer of the functions, which sends what it has to this address. */
export type OpenTracer = (daemon: string) => Promise<HostTracer>;

type Told = Pick<Engine, "describeExecution" | "getHistory">;

/**
 * Traces the runs of one process: plays the X-Ray daemon, and the parts of Step Functions and Lambda. Everything is told
 * over UDP, and kept with the runs, as it would be with X-Ray. Nothing that goes wrong here reaches a run.
 */
export class LocalTracing {
  readonly #store: SegmentStore;
  /** Runs whose history is told of, as far as that has come. */
  readonly #runs = new Map<string, Promise<RunSegments>>();
  /** Runs that documents are taken of. */
  readonly #known = new Set<string>();
  #collector: Collector | undefined;
  #hosted: HostTracer | undefined;
  #pending = new Map<string, SegmentDocument>();

  /** @param openTracer without one, only history tells of runs. */
  constructor(
    database: Database,
    private readonly engine: () => Told,
    private readonly openTracer: OpenTracer | undefined,
  ) {
    this.#store = new SegmentStore(database);
  }

  /** For the functions; before it is opened, it traces nothing. */
  readonly tracer: Tracer = {
    span: (name, annotations, work) => (this.#hosted ?? UNOBSERVED.tracer).span(name, annotations, work),
    traceId: () => this.#hosted?.traceId(),
  };

  /** Begins to take documents, if that can be done. Repeating it changes nothing. */
  async open(): Promise<void> {
    if (this.openTracer === undefined || this.#collector !== undefined) return;
    try {
      this.#collector = await openCollector((document) => {
        const isKnown = this.#known.has(document.annotations.run);
        if (isKnown) this.#store.write(document);
        return isKnown;
      });
      this.#hosted = await this.openTracer(this.#collector.address);
    } catch {
      // Without a port, or a tracer, runs go untraced; what history tells of them is there all the same.
      this.#hosted = undefined;
    }
  }

  /** Does what a Task asks of a function as a part of the trace of its run. */
  invoke(invocation: TaskInvocation, work: () => Promise<Json>): Promise<Json> {
    if (this.#hosted === undefined) return work();
    const { executionName: run, executionArn } = invocation;
    this.#known.add(run);
    return this.#hosted.invocation(this.headerOf(invocation), { run, agent: machineOf(executionArn) }, work);
  }

  /** X-Ray's header of what a Task calls or starts. */
  headerOf({ executionName, startedAt, traceHeader: given, scheduledEventId }: TaskInvocation): string {
    const { root } = parseTraceHeader(given) ?? { root: traceIdOf(executionName, startedAt) };
    return traceHeader({ root, parent: callId(executionName, scheduledEventId), sampled: true });
  }

  /** Tells what an event changes. Of a run that was begun by another process, all is told again that it has. */
  follow({ executionArn, traceHeader: given, event }: ExecutionEvent): void {
    if (this.#hosted === undefined) return;
    const runId = nameOf(executionArn);
    this.#known.add(runId);
    const begun =
      this.#runs.get(runId) ??
      (event.type === "ExecutionStarted"
        ? Promise.resolve(new RunSegments(tracedRun(executionArn, event.timestamp.getTime(), given)))
        : this.#takeUp(executionArn));
    const followed = begun.then((segments) => {
      if (event.id > segments.lastEventId) this.#tell(segments.read(event));
      if (segments.isClosed) this.#runs.delete(runId);
      return segments;
    });
    this.#runs.set(runId, followed);
    // A history that cannot be read fails whoever needs it; the next event tries again.
    followed.catch(() => this.#runs.delete(runId));
  }

  /** What is known of a run and of those that it has started: what was told, and what its history tells. */
  async segments(executionArn: string): Promise<readonly SegmentDocument[]> {
    await this.#flush();
    const history = await this.engine().getHistory(executionArn);
    const { startDate, traceHeader: given } = await this.engine().describeExecution(executionArn);
    const segments = new RunSegments(tracedRun(executionArn, startDate.getTime(), given));
    const documents = new Map<string, SegmentDocument>();
    for (const event of history) for (const document of segments.read(event)) documents.set(document.id, document);
    for (const document of await this.#store.read(nameOf(executionArn))) {
      if (!documents.has(document.id)) documents.set(document.id, document);
    }
    const started = history.flatMap(({ type, taskSubmittedEventDetails: details }) =>
      type === "TaskSubmitted" && details?.resourceType === "states" ? [startedBy(String(details.output))] : [],
    );
    const inner = await Promise.all(started.map((arn) => this.segments(arn)));
    return [...documents.values(), ...inner.flat()].sort((one, other) => one.start_time - other.start_time);
  }

  /** Lets what was told come in. */
  async close(): Promise<void> {
    await this.#flush();
    await this.#store.settled();
    await this.#collector?.close();
  }

  async #takeUp(executionArn: string): Promise<RunSegments> {
    const { startDate, traceHeader: given } = await this.engine().describeExecution(executionArn);
    const segments = new RunSegments(tracedRun(executionArn, startDate.getTime(), given));
    for (const event of await this.engine().getHistory(executionArn)) this.#tell(segments.read(event));
    return segments;
  }

  /** Of a turn's worth of documents, the last of each id is sent. */
  #tell(documents: readonly SegmentDocument[]): void {
    if (documents.length > 0 && this.#pending.size === 0) setImmediate(() => this.#send());
    for (const document of documents) this.#pending.set(document.id, document);
  }

  #send(): void {
    const documents = this.#pending;
    this.#pending = new Map();
    for (const document of documents.values()) this.#collector?.send(datagramOf(document));
  }

  async #flush(): Promise<void> {
    // A history that could not be read is told of no further.
    await Promise.allSettled(this.#runs.values());
    this.#send();
    await this.#collector?.flush();
  }
}

const nameOf = (executionArn: string) => executionArn.slice(executionArn.lastIndexOf(":") + 1);
const machineOf = (executionArn: string) => executionArn.split(":").at(-2) ?? "";

function tracedRun(executionArn: string, startedAt: number, header: string | undefined): TracedRun {
  const runId = nameOf(executionArn);
  const { root, parent } = parseTraceHeader(header) ?? { root: traceIdOf(runId, startedAt), parent: undefined };
  return { runId, agent: machineOf(executionArn), traceId: root, parentId: parent };
}

const startedBy = (output: string) => String((JSON.parse(output) as { ExecutionArn?: Json }).ExecutionArn);
