import type { Json } from "../../contract/index.ts";
import type { ReadEvent } from "../../local/index.ts";
import type { Escalation, RunRecord } from "../../runtime/index.ts";

/** What is known of a run, wherever it runs. */
export interface RunFacts {
  readonly runId: string;
  readonly execution: {
    readonly status: string;
    readonly startDate?: Date | undefined;
    readonly stopDate?: Date | undefined;
    readonly output?: Json | undefined;
    readonly error?: string | undefined;
    readonly cause?: string | undefined;
  };
  readonly history: readonly ReadEvent[];
  /** Those of the run, and on this machine of the subflows that it waits for. */
  readonly escalations: readonly Escalation[];
  /** What its items say; undefined where it has none any more. */
  readonly record: RunRecord | undefined;
  /** What the store has counted; undefined where it counts nothing. */
  readonly usage: { readonly reads: number; readonly writes: number; readonly indexWrites: number } | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}
