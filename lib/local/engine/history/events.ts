import type { Json } from "../../../contract/index.ts";

type StateKind = "Pass" | "Task" | "Choice" | "Wait" | "Parallel" | "Map" | "Succeed" | "Fail";
type Attempted = "Scheduled" | "Started" | "Succeeded" | "Failed" | "TimedOut";
type Ran = "Started" | "Succeeded" | "Failed" | "Aborted";

/** Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html */
export type EventType =
  | `${StateKind}StateEntered`
  | `${Exclude<StateKind, "Fail">}StateExited`
  | `${"Task" | "Wait" | "Parallel" | "Map"}StateAborted`
  | `${"Parallel" | "Map"}State${"Started" | "Succeeded" | "Failed"}`
  | `MapIteration${Ran}`
  | `MapRun${Ran}`
  | `Task${Attempted | "Submitted"}`
  | `LambdaFunction${Attempted}`
  | `Execution${"Started" | "Succeeded" | "Failed" | "Aborted" | "TimedOut" | "Redriven"}`
  | "EvaluationFailed";

/** Fields as AWS names them, their data not yet made text. */
export interface EventDetails {
  readonly name?: string;
  readonly index?: number;
  readonly length?: number;
  readonly state?: string;
  readonly location?: string;
  readonly input?: Json;
  readonly output?: Json;
  readonly parameters?: Json;
  readonly assignedVariables?: Readonly<Record<string, Json>>;
  readonly error?: string;
  readonly cause?: string;
  readonly resource?: string;
  readonly resourceType?: string;
  readonly region?: string;
  readonly roleArn?: string;
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
  readonly taskCredentials?: { readonly roleArn: string };
  readonly mapRunArn?: string;
  readonly redriveCount?: number;
}

export interface RecordedEvent {
  readonly id: number;
  readonly previousEventId: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly type: EventType;
  readonly details: EventDetails | undefined;
}
