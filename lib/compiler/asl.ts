import type { Json, JsonObject } from "../contract/index.ts";

/** The part of the Amazon States Language that the compiler emits. */
export interface StateMachine {
  readonly Comment?: string;
  readonly QueryLanguage?: "JSONata";
  readonly TimeoutSeconds?: number;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type State =
  | TaskState
  | PassState
  | ChoiceState
  | WaitState
  | ParallelState
  | MapState
  | SucceedState
  | FailState;

type Transition = { readonly Next: string } | { readonly End: true };
interface Effects {
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly BackoffRate: number;
  readonly MaxAttempts: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: "FULL" | "NONE";
}

export interface Catcher extends Effects {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
}

export interface ChoiceRule extends Effects {
  readonly Condition: string;
  readonly Next: string;
}

export type TaskState = {
  readonly Type: "Task";
  readonly Resource: string;
  readonly Arguments: JsonObject;
  /** As JSONata where it depends on working hours. */
  readonly TimeoutSeconds: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
} & Effects &
  Transition;

export type PassState = { readonly Type: "Pass" } & Effects & Transition;
export type ChoiceState = {
  readonly Type: "Choice";
  readonly Choices: readonly ChoiceRule[];
  readonly Default: string;
} & Effects;
export type WaitState = { readonly Type: "Wait"; readonly Seconds?: number; readonly Timestamp?: string } & Effects &
  Transition;
export type ParallelState = {
  readonly Type: "Parallel";
  readonly Branches: readonly StateMachine[];
  readonly Catch: readonly Catcher[];
} & Effects &
  Transition;
export type MapState = {
  readonly Type: "Map";
  readonly Items: string;
  readonly ItemSelector?: JsonObject;
  readonly MaxConcurrency: number;
  readonly ItemProcessor: StateMachine & { readonly ProcessorConfig: { readonly Mode: "INLINE" } };
  readonly Catch: readonly Catcher[];
} & Effects &
  Transition;
export interface SucceedState {
  readonly Type: "Succeed";
  readonly Output?: Json;
}
export interface FailState {
  readonly Type: "Fail";
  readonly Error: string;
  readonly Cause: string;
}
