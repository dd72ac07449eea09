import type { Json } from "../../contract/index.ts";
import type { Chance, Clock } from "../../ports/index.ts";
import type { Definitions } from "./definition-cache.ts";
import type { HistoryEvent } from "./history/render.ts";
import type { ExecutionStatus } from "./interpreter/execution.ts";
import type { JournalStore } from "./journal/level-journal.ts";
import type { TaskInvocation, TaskRegistry } from "./tasks.ts";

export interface EngineOptions {
  /** Where executions are kept. Without one they live and die with the process. */
  readonly store?: JournalStore;
  readonly clock: EngineClock;
  readonly chance: Chance;
  readonly tasks: TaskRegistry;
  /** State machines that Tasks may start, by ARN. */
  readonly machines?: (arn: string) => StateMachine | undefined;
  /** X-Ray's, of what a Task starts. @default none */
  readonly traceHeaderOf?: (invocation: TaskInvocation) => string | undefined;
  /** Shared by engines of one process that have machines in common. @default this engine's own */
  readonly definitions?: Definitions;
  /** Told of every start and every close, once it is durable. */
  readonly onStatusChange?: (change: ExecutionDescription) => void;
}

export interface EngineClock extends Clock {
  /** Keeps virtual time from passing while a task or a write is under way; clocks of the real world have none. */
  readonly hold?: () => () => void;
}

export interface StateMachine {
  readonly name: string;
  readonly definition: Json;
}

export interface StartExecutionRequest {
  readonly machine: StateMachine;
  /** @default a UUID */
  readonly name?: string;
  readonly input: Json;
  readonly traceHeader?: string;
}

export interface ExecutionDescription {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDate: Date;
  readonly stopDate?: Date;
  readonly input: Json;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly traceHeader?: string;
}

/** Why an execution makes no progress by itself, or that it has closed. */
export interface Settled {
  readonly status: ExecutionStatus;
  readonly waitingFor: readonly Waiting[];
}

export type Waiting =
  | { readonly kind: "token"; readonly stateName: string; readonly token: string }
  | { readonly kind: "timer"; readonly at: Date }
  /** Another execution, which waits itself. */
  | { readonly kind: "execution"; readonly executionArn: string };

export interface ExecutionEvent {
  readonly executionArn: string;
  /** X-Ray's, that the execution was started with. */
  readonly traceHeader?: string;
  readonly event: HistoryEvent;
}

/**
 * Runs state machines as Step Functions does.
 *
 * Every answer means that what it says is durable. Refusals are {@link ServiceError}s with AWS's codes.
 */
export interface Engine {
  /**
   * Starts an execution. Repeated with the same name and input while that execution runs, it changes nothing and says
   * `started: false`.
   *
   * @throws InvalidDefinition
   * @throws ServiceError ExecutionAlreadyExists, InvalidName, InvalidExecutionInput
   */
  startExecution(
    request: StartExecutionRequest,
  ): Promise<{ readonly executionArn: string; readonly startDate: Date; readonly started: boolean }>;
  /** @throws ServiceError ExecutionDoesNotExist */
  describeExecution(executionArn: string): Promise<ExecutionDescription>;
  /** Latest start first. */
  listExecutions(filter?: {
    readonly stateMachineArn?: string;
    readonly status?: ExecutionStatus;
  }): Promise<ExecutionDescription[]>;
  /** @throws ServiceError ExecutionDoesNotExist */
  getHistory(executionArn: string): Promise<HistoryEvent[]>;
  /** Aborts a running execution; one that has closed stays as it is. @throws ServiceError ExecutionDoesNotExist */
  stopExecution(
    executionArn: string,
    reason?: { readonly error?: string; readonly cause?: string },
  ): Promise<{ readonly stopDate: Date }>;
  /**
   * Goes on where an execution failed, timed out or was aborted.
   *
   * @throws ServiceError ExecutionDoesNotExist, ExecutionNotRedrivable
   */
  redriveExecution(executionArn: string): Promise<{ readonly redriveDate: Date }>;
  /** @throws ServiceError InvalidToken, TaskDoesNotExist, TaskTimedOut (late or repeated), InvalidOutput */
  sendTaskSuccess(token: string, output: Json): Promise<void>;
  /** @throws ServiceError InvalidToken, TaskDoesNotExist, TaskTimedOut (late or repeated) */
  sendTaskFailure(token: string, reason?: { readonly error?: string; readonly cause?: string }): Promise<void>;
  /** @throws ServiceError InvalidToken, TaskDoesNotExist, TaskTimedOut (late) */
  sendTaskHeartbeat(token: string): Promise<void>;
  /**
   * Goes on with every execution that was open when the last process ended. Tasks that were being called are called
   * again, and only those. Executions that this engine has started or resumed before are left alone.
   *
   * @returns how many.
   */
  resume(): Promise<number>;
  /** Resolves when the execution has closed, or waits for nothing but tokens and timers yet to come. */
  settled(executionArn: string): Promise<Settled>;
  /** Resolves when the execution has closed. */
  closed(executionArn: string): Promise<ExecutionDescription>;
  /** History as it is made, once it is durable. Returns a function that ends it. */
  subscribe(listener: (event: ExecutionEvent) => void): () => void;
  /** Stops all work and waits for what is being written. Open executions stay open, for {@link Engine.resume}. */
  close(): Promise<void>;
}
