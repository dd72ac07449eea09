import type { Execution } from "./interpreter/execution.ts";
import type { ExecutionRecord } from "./journal/journal.ts";

/** An execution in the memory of this process, and what is under way for it. */
export interface Running {
  readonly execution: Execution;
  record: ExecutionRecord;
  /** Of the next entry. */
  sequence: number;
  /** When the last entry happened; entries never go back in time. */
  lastAt: number;
  /** Writes not yet durable. */
  writes: number;
  /** Events told of. */
  told: number;
  /** What to do to stop each piece of work. */
  readonly stops: Map<number, () => void>;
}

export const runningOf = (execution: Execution, record: ExecutionRecord): Running => ({
  execution,
  record,
  sequence: 0,
  lastAt: record.startedAt,
  writes: 0,
  told: 0,
  stops: new Map(),
});
