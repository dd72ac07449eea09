import { RUN_STATUSES, type RunStatus } from "../contract/index.ts";
import type { Item, RunsQuery } from "./run-store.ts";

/** A run as lists show it. */
export interface RunSummary {
  readonly runId: string;
  readonly agent: string;
  readonly status: RunStatus;
  /** ISO 8601, as is `updatedAt`. */
  readonly startedAt: string;
  readonly updatedAt: string;
}

/** Where runs are listed. */
export interface RunList {
  /** Newest first. */
  runs(query: RunsQuery): Promise<readonly RunSummary[]>;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** @param item of the index of runs, or a RUN item. */
export const runSummaryOf = (item: Item): RunSummary => ({
  runId: String(item.runId),
  agent: String(item.agent),
  status: RUN_STATUSES.find((status) => status === item.status) ?? "running",
  startedAt: String(item.startedAt),
  updatedAt: String(item.updatedAt),
});
