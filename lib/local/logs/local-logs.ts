import type { AbstractBatchOperation, AbstractSublevel } from "abstract-level";
import { LOG_LEVELS, type LogLine } from "../../contract/index.ts";
import type { LogQuery } from "../../ports/index.ts";
import type { Database } from "../embedded-run-store.ts";

type Texts = AbstractSublevel<Database, string | Buffer | Uint8Array, string, string>;
type Operation = AbstractBatchOperation<Database, string, string>;

/** Lines of a run that are to be kept, by their keys. */
type Batch = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** How many lines of a run there are, and how many there were besides. */
interface Count {
  readonly kept: number;
  readonly dropped: number;
}

/** A run that says more loses its oldest lines, a tenth of these at a time. */
const MOST_LINES = 10_000;
const SEPARATOR = "\u0000";

/**
 * Lines of logs, kept with the run that their `correlation_id` names; those of no run are not kept.
 *
 * Nobody waits for a line: the last ones before a process is killed are lost, and so is what the disk refuses, which is counted.
 */
export class LocalLogs {
  readonly #lines: Texts;
  readonly #dropped: Texts;
  readonly #counts = new Map<string, Count>();
  #pending = new Map<string, Map<string, string>>();
  #kept: Promise<void> = Promise.resolve();
  #sequence = 0;

  constructor(
    private readonly database: Database,
    private readonly most = MOST_LINES,
  ) {
    this.#lines = database.sublevel<string, string>("logs", {});
    this.#dropped = database.sublevel<string, string>("logs-dropped", {});
  }

  /** Takes a line as a log writes it: the JSON of a LogLine. */
  write(line: string): void {
    const { correlation_id: runId, timestamp } = JSON.parse(line) as LogLine;
    if (runId === undefined) return;
    if (this.#pending.size === 0) setImmediate(() => this.#flush());
    const ofRun = this.#pending.get(runId) ?? new Map<string, string>();
    this.#sequence += 1;
    ofRun.set([runId, timestamp, String(this.#sequence).padStart(10, "0")].join(SEPARATOR), line);
    this.#pending.set(runId, ofRun);
  }

  /** The lines of a run, oldest first. Where it had more than are kept, the first one says so. */
  async read(runId: string, { since = "", level = "DEBUG" }: LogQuery = {}): Promise<LogLine[]> {
    await this.settled();
    const texts = await this.#lines.values(rangeOf(runId, since)).all();
    const lines = texts.map((text) => JSON.parse(text) as LogLine);
    const { dropped } = await this.#countOf(runId);
    const least = LOG_LEVELS.indexOf(level);
    return [...(dropped === 0 ? [] : [this.#gap(runId, dropped, lines)]), ...lines].filter(
      (line) => LOG_LEVELS.indexOf(line.level) >= least,
    );
  }

  /** Resolves once all that was written so far can be read, or is lost. */
  settled(): Promise<void> {
    this.#flush();
    return this.#kept;
  }

  #flush(): void {
    if (this.#pending.size === 0) return;
    const batch = this.#pending;
    this.#pending = new Map();
    this.#kept = this.#kept.then(() => this.#keep(batch)).catch(() => this.#lose(batch));
  }

  async #keep(batch: Batch): Promise<void> {
    const operations: Operation[] = [];
    for (const [runId, lines] of batch) {
      const count = await this.#countOf(runId);
      const excess = count.kept + lines.size - this.most;
      const oldest =
        excess < this.most / 10 ? [] : await this.#lines.keys({ ...rangeOf(runId, ""), limit: excess }).all();
      const dropped = count.dropped + oldest.length;
      for (const [key, value] of lines) operations.push({ type: "put", key, value, sublevel: this.#lines });
      for (const key of oldest) operations.push({ type: "del", key, sublevel: this.#lines });
      if (oldest.length > 0)
        operations.push({ type: "put", key: runId, value: String(dropped), sublevel: this.#dropped });
      this.#counts.set(runId, { kept: count.kept + lines.size - oldest.length, dropped });
    }
    await this.database.batch(operations);
  }

  /** Counts what was not kept. */
  #lose(batch: Batch): void {
    for (const [runId, lines] of batch) {
      const { kept, dropped } = this.#counts.get(runId) ?? { kept: 0, dropped: 0 };
      this.#counts.set(runId, { kept, dropped: dropped + lines.size });
    }
  }

  async #countOf(runId: string): Promise<Count> {
    const known = this.#counts.get(runId);
    if (known !== undefined) return known;
    const kept = (await this.#lines.keys(rangeOf(runId, "")).all()).length;
    const count = { kept, dropped: Number((await this.#dropped.get(runId)) ?? 0) };
    this.#counts.set(runId, count);
    return count;
  }

  #gap(runId: string, dropped: number, [oldest]: readonly LogLine[]): LogLine {
    const message = `Lines of this run that are not kept: ${dropped}. The last ${this.most} are.`;
    return { level: "WARN", timestamp: oldest?.timestamp ?? "", message, correlation_id: runId };
  }
}

/** The lines of a run from a time on. */
const rangeOf = (runId: string, since: string) => ({
  gte: [runId, since].join(SEPARATOR),
  lt: `${runId}${SEPARATOR}\uffff`,
});
