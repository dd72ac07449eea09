import type { Json } from "./json.ts";

/** What the state machine hands to a step's function. */
export interface StepEvent {
  readonly runId: string;
  /** Where in the run: the step's name, with branches and item indices before it. */
  readonly path: string;
  readonly visit: number;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly input: Json;
  /** The run ends with this step. */
  readonly final?: boolean;
}

export interface StepResult {
  readonly output: Json;
}
