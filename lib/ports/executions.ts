import type { Json } from "../contract/index.ts";

export interface StartRequest {
  /** ARN of the state machine. */
  readonly stateMachine: string;
  /** Name of the execution: the run id. */
  readonly name: string;
  readonly input: Json;
}

/** Executions of state machines, as Step Functions offers them. */
export interface Executions {
  /** Starts an execution unless one of that name was started before; both count as success. */
  start(request: StartRequest): Promise<"started" | "exists">;
  /** Answers a waiting task. `gone`: the token is no longer waited for. */
  answer(taskToken: string, output: Json): Promise<"delivered" | "gone">;
}
