import type { Json } from "../../../contract/index.ts";

/** What happened to an execution from outside. Its journal is the list of these; all else follows from them. */
export type Entry = Happening & {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Which time boxes of the step that this entry set off ran out, by their order. */
  readonly expired?: readonly number[];
};

export type Happening =
  | { readonly kind: "started" }
  /** The call of a task ended. */
  | { readonly kind: "response"; readonly work: number; readonly outcome: Outcome }
  /** Who a task waits for has answered: the holder of its token, or the job that it started. */
  | { readonly kind: "completion"; readonly work: number; readonly outcome: Outcome }
  | { readonly kind: "heartbeat"; readonly work: number }
  | { readonly kind: "timer"; readonly work: number }
  | { readonly kind: "stopped"; readonly error?: string; readonly cause?: string }
  | { readonly kind: "redriven" };

export type Outcome = { readonly result: Json } | { readonly failure: Failure };

export interface Failure {
  readonly error?: string;
  readonly cause?: string;
}

/** Which execution it is, fixed at its start. */
export interface Identity {
  readonly arn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  readonly roleArn: string;
  readonly input: Json;
  /** Where its chance comes from. */
  readonly seed: string;
}
