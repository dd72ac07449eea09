import type { Template } from "../expression/template.ts";

/** States among which transitions can lead: those of a machine, a branch or an item processor. */
export interface Region {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

export interface Machine extends Region {
  readonly timeoutSeconds?: number;
}

export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | ParallelState
  | MapState
  | SucceedState
  | FailState;

/** A state that does work which can fail, be tried again and be caught. */
export type WorkState = TaskState | ParallelState | MapState;

/** What a state leaves behind: variables, and the input of the next state. */
export interface Effects {
  readonly assign?: Template;
  readonly output?: Template;
}

interface Named<Type extends string> {
  readonly type: Type;
  readonly name: string;
}

/** No next state: the region ends here. */
interface Transition {
  readonly next?: string;
}

interface FailureHandling {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly backoffRate: number;
  readonly maxAttempts: number;
  readonly maxDelaySeconds: number;
  readonly jitter: boolean;
}

export interface Catcher extends Effects {
  readonly errors: readonly string[];
  readonly next: string;
}

export interface PassState extends Named<"Pass">, Effects, Transition {}

export interface TaskState extends Named<"Task">, Effects, Transition, FailureHandling {
  readonly resource: Resource;
  readonly arguments?: Template;
  readonly roleArn?: Template;
  readonly timeoutSeconds?: Template;
  readonly heartbeatSeconds?: Template;
}

/** How a Task's resource is named in history, and how it is answered. */
export interface Resource {
  readonly arn: string;
  /** `function`: a Lambda function's own ARN. `integration`: a service's API. */
  readonly kind: "function" | "integration";
  /** As in history: `lambda`, `aws-sdk:s3`. */
  readonly service: string;
  /** As in history: `invoke.waitForTaskToken`. */
  readonly action: string;
  /** Who says that the task is over: the call itself, whoever holds its token, or the job that it started. */
  readonly completion: "response" | "token" | "job";
}

export interface ChoiceState extends Named<"Choice">, Effects {
  readonly rules: readonly ChoiceRule[];
  readonly default?: string;
}

export interface ChoiceRule extends Effects {
  readonly condition: Template;
  readonly next: string;
}

export interface WaitState extends Named<"Wait">, Effects, Transition {
  readonly until: { readonly kind: "seconds" | "timestamp"; readonly template: Template };
}

export interface ParallelState extends Named<"Parallel">, Effects, Transition, FailureHandling {
  readonly arguments?: Template;
  readonly branches: readonly Region[];
}

export interface MapState extends Named<"Map">, Effects, Transition, FailureHandling {
  readonly items?: Template;
  readonly itemReader?: ItemReader;
  readonly itemSelector?: Template;
  readonly itemBatcher?: ItemBatcher;
  readonly maxConcurrency?: Template;
  readonly toleratedFailureCount?: Template;
  readonly toleratedFailurePercentage?: Template;
  /** Distributed: every item runs as an execution of its own. */
  readonly distributed: boolean;
  readonly label?: string;
  readonly processor: Region;
}

export interface ItemReader {
  readonly resource: Resource;
  readonly arguments?: Template;
  readonly maxItems?: Template;
}

export interface ItemBatcher {
  readonly maxItemsPerBatch?: Template;
  readonly maxInputBytesPerBatch?: Template;
  readonly batchInput?: Template;
}

export interface SucceedState extends Named<"Succeed"> {
  readonly output?: Template;
}

export interface FailState extends Named<"Fail"> {
  readonly error?: Template;
  readonly cause?: Template;
}
