export type {
  Engine,
  EngineClock,
  EngineOptions,
  ExecutionDescription,
  ExecutionEvent,
  Settled,
  StateMachine,
  Waiting,
} from "./api.ts";
export { executionArnOf, stateMachineArnOf } from "./arns.ts";
export { InvalidDefinition } from "./definition/invalid-definition.ts";
export type { Resource } from "./definition/model.ts";
export { type Definitions, definitionCache } from "./definition-cache.ts";
export { createEngine } from "./engine.ts";
export { StatesError } from "./error-names.ts";
export { eventTasks, firstOf } from "./event-tasks.ts";
export type { HistoryEvent } from "./history/render.ts";
export type { JournalStore } from "./journal/level-journal.ts";
export { type FunctionHandler, lambdaTasks } from "./lambda-tasks.ts";
export { ServiceError } from "./service-error.ts";
export { TaskError, type TaskHandler, type TaskInvocation, type TaskRegistry } from "./tasks.ts";
export { type Mock, type TestStateRequest, testState } from "./test-state/test-state.ts";
