import type { Json } from "../../../contract/index.ts";
import type { Resource } from "../definition/model.ts";
import type { Failure } from "../interpreter/entry.ts";
import type { Frame } from "../interpreter/frame.ts";

export interface TaskLimits {
  readonly timeoutInSeconds?: number;
  readonly heartbeatInSeconds?: number;
}

/** The events of one attempt, in the vocabulary of its kind of resource. */
export interface TaskEvents {
  /** Returns the id of the event. */
  scheduled(parameters: Json, limits: TaskLimits, roleArn: string | undefined): number;
  submitted(output: Json): void;
  succeeded(output: Json): void;
  failed(failure: Failure): void;
  timedOut(error: string): void;
}

/** Where the tasks of this engine are called, as far as history says. */
const REGION = "us-east-1";

export const taskEvents = (frame: Frame, resource: Resource): TaskEvents =>
  resource.kind === "function" ? functionEvents(frame, resource) : integrationEvents(frame, resource);

const credentials = (roleArn: string | undefined) => (roleArn === undefined ? {} : { taskCredentials: { roleArn } });

function functionEvents(frame: Frame, resource: Resource): TaskEvents {
  return {
    scheduled(input, { timeoutInSeconds }, roleArn) {
      const timeout = timeoutInSeconds === undefined ? {} : { timeoutInSeconds };
      const scheduled = { input, resource: resource.arn, ...timeout, ...credentials(roleArn) };
      const id = frame.emit("LambdaFunctionScheduled", scheduled);
      frame.emit("LambdaFunctionStarted");
      return id;
    },
    submitted: () => undefined,
    succeeded: (output) => frame.emit("LambdaFunctionSucceeded", { output }),
    failed: (failure) => frame.emit("LambdaFunctionFailed", failure),
    timedOut: (error) => frame.emit("LambdaFunctionTimedOut", { error }),
  };
}

function integrationEvents(frame: Frame, { action, service }: Resource): TaskEvents {
  const of = { resource: action, resourceType: service };
  return {
    scheduled(parameters, limits, roleArn) {
      const scheduled = { resource: action, resourceType: service, region: REGION, parameters, ...limits };
      const id = frame.emit("TaskScheduled", { ...scheduled, ...credentials(roleArn) });
      frame.emit("TaskStarted", of);
      return id;
    },
    submitted: (output) => frame.emit("TaskSubmitted", { ...of, output }),
    succeeded: (output) => frame.emit("TaskSucceeded", { ...of, output }),
    failed: (failure) => frame.emit("TaskFailed", { ...of, ...failure }),
    timedOut: (error) => frame.emit("TaskTimedOut", { ...of, error }),
  };
}
