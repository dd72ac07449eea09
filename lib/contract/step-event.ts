import type { Decided } from "./decided.ts";
import type { Json } from "./json.ts";

/** What the state machine hands to a step's function. */
export interface StepEvent {
  readonly runId: string;
  /** Where in the run: the step's name, with branches and item indices before it. */
  readonly path: string;
  readonly visit: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** ISO 8601: when the state was entered whose attempts these are; machines of before do not say it. */
  readonly entered?: string;
  readonly input: Json;
  /** ISO 8601, of the run; there if the agent limits the time. */
  readonly startedAt?: string;
  /** No two steps of the run have the same, and none a greater one than there are steps; there if the agent limits them. */
  readonly number?: number;
  /** Digest of the input that people have approved; there if the step waits for their approval. */
  readonly approved?: string;
  /** The run ends with this step. */
  readonly final?: boolean;
  /** Ways that the state machine took since the last function that kept them. */
  readonly decided?: readonly Decided[];
  /** Root of the X-Ray trace; said by the function itself. */
  readonly traceId?: string;
}

export interface StepResult {
  readonly output: Json;
}

/** What a state machine is told in place of a decision where nobody made one in time. */
export const SILENT = "silent";
