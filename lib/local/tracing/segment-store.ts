import type { AbstractSublevel } from "abstract-level";
import type { SegmentDocument } from "../../contract/index.ts";
import type { Database } from "../embedded-run-store.ts";
import type { RunDocument } from "./datagram.ts";

type Documents = AbstractSublevel<Database, string | Buffer | Uint8Array, string, SegmentDocument>;

/** A run that has more in one process keeps no more. A history ends at 25 000 events. */
const MOST_DOCUMENTS = 50_000;
const SEPARATOR = "\u0000";

/**
 * Documents of traces, kept with the run that they name; a later one takes the place of an earlier one of its id.
 *
 * Nobody waits for a document: the last ones before a process is killed are lost, and so is what the disk refuses.
 */
export class SegmentStore {
  readonly #documents: Documents;
  readonly #counts = new Map<string, number>();
  #pending = new Map<string, SegmentDocument>();
  #kept: Promise<void> = Promise.resolve();

  constructor(database: Database) {
    this.#documents = database.sublevel<string, SegmentDocument>("segments", { valueEncoding: "json" });
  }

  write(document: RunDocument): void {
    const { run } = document.annotations;
    const count = this.#counts.get(run) ?? 0;
    if (count >= MOST_DOCUMENTS) return;
    this.#counts.set(run, count + 1);
    if (this.#pending.size === 0) setImmediate(() => this.#flush());
    this.#pending.set(`${run}${SEPARATOR}${document.id}`, document);
  }

  async read(runId: string): Promise<SegmentDocument[]> {
    await this.settled();
    return this.#documents.values({ gte: `${runId}${SEPARATOR}`, lt: `${runId}${SEPARATOR}\uffff` }).all();
  }

  /** Resolves once all that was written so far can be read, or is lost. */
  settled(): Promise<void> {
    this.#flush();
    return this.#kept;
  }

  #flush(): void {
    if (this.#pending.size === 0) return;
    const operations = [...this.#pending].map(([key, value]) => ({ type: "put" as const, key, value }));
    this.#pending = new Map();
    const written = this.#kept.then(() => this.#documents.batch(operations));
    // What the disk refuses now it refuses the journal, too, and that says so.
    this.#kept = written.catch(() => undefined);
  }
}
