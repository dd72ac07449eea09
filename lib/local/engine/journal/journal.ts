import type { Json } from "../../../contract/index.ts";
import type { Entry, Identity } from "../interpreter/entry.ts";
import type { Standing } from "../interpreter/execution.ts";

/** What is kept of an execution besides its entries. */
export interface ExecutionRecord {
  readonly identity: Identity;
  readonly startedAt: number;
  readonly traceHeader?: string;
  /** Under which its definition is kept. */
  readonly definitionId: string;
  /** As of the last start, redrive or close. */
  readonly standing: Standing;
}

/** One atomic write. */
export interface Append {
  readonly arn: string;
  readonly sequence: number;
  readonly entry: Entry;
  /** Written where it has changed. */
  readonly record?: ExecutionRecord;
  /** Written once, however often it is given. */
  readonly definition?: { readonly id: string; readonly definition: Json };
}

/** Where executions are kept: what happened to each, in order, and a record of each. */
export interface Journal {
  /**
   * Calls back once the write is durable, in the order of the calls; writes that wait share one commit. After a failed
   * write every later one fails too, since what it follows is not there.
   */
  append(write: Append, done: (failure?: Error) => void): void;
  record(arn: string): Promise<ExecutionRecord | undefined>;
  entries(arn: string): Promise<readonly Entry[]>;
  definition(id: string): Promise<Json | undefined>;
  /** ARNs of the executions that have not closed. */
  open(): Promise<readonly string[]>;
  records(): AsyncIterable<ExecutionRecord>;
  /** Resolves when all that has been appended so far is durable, or has failed. */
  flushed(): Promise<void>;
}
