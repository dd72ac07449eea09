import type { Json } from "../contract/index.ts";

export interface StartRequest {
  /** ARN of the state machine, or of an alias of it. */
  readonly stateMachine: string;
  /** Name of the execution: the run id. */
  readonly name: string;
  readonly input: Json;
  /** X-Ray's, at most 256 ASCII characters: the trace that the execution belongs to. */
  readonly traceHeader?: string;
}

/** Where an execution stands. */
export interface Execution {
  readonly name: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | "PENDING_REDRIVE";
  /** Under what name it failed, or was aborted, and why. */
  readonly error?: string;
  readonly cause?: string;
}

/**
 * Executions of state machines, as Step Functions offers them.
 *
 * One conformance suite covers all implementations.
 */
export interface Executions {
  /** Starts an execution unless one of that name was started before; both count as success, and `started` may be said of a repeat too. */
  start(request: StartRequest): Promise<"started" | "exists">;
  /** The execution of that name; `undefined` when none was started, or when it was forgotten (AWS: 90 days after its end). */
  describe(stateMachine: string, name: string): Promise<Execution | undefined>;
  /** Answers a waiting task. `gone`: the token is no longer waited for. */
  answer(taskToken: string, output: Json): Promise<"delivered" | "gone">;
}
