export type {
  Engine,
  EngineClock,
  EngineOptions,
  ExecutionDescription,
  ExecutionEvent,
  Settled,
  StartExecutionRequest,
  StateMachine,
  Waiting,
} from "./api.ts";
export { executionArnOf, stateMachineArnOf } from "./arns.ts";
export { type Diagnostic, InvalidDefinition } from "./definition/invalid-definition.ts";
export type { Resource } from "./definition/model.ts";
export { createEngine } from "./engine.ts";
export { StatesError } from "./error-names.ts";
export { type EventSink, eventTasks, firstOf } from "./event-tasks.ts";
export type { HistoryEvent } from "./history/render.ts";
export type { ExecutionStatus } from "./interpreter/execution.ts";
export type { JournalStore } from "./journal/level-journal.ts";
export { type FunctionHandler, lambdaTasks } from "./lambda-tasks.ts";
export { ServiceError, type ServiceErrorCode } from "./service-error.ts";
export { TaskError, type TaskHandler, type TaskInvocation, type TaskRegistry } from "./tasks.ts";
export { type Mock, type TestStateRequest, type TestStateResponse, testState } from "./test-state/test-state.ts";
