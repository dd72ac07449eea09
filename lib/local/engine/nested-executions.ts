import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "../../contract/index.ts";
import type { Engine, EngineOptions, ExecutionDescription } from "./api.ts";
import type { Resource } from "./definition/model.ts";
import { StatesError } from "./error-names.ts";
import type { Outcome } from "./interpreter/entry.ts";
import type { Work } from "./interpreter/work.ts";
import { TaskError, type TaskHandler } from "./tasks.ts";

type Job = Extract<Work, { kind: "job" }>;

/** `states:startExecution`: executions that start executions, and may wait for them. */
export function nestedExecutions(
  engine: () => Engine,
  { machines, traceHeaderOf }: Pick<EngineOptions, "machines" | "traceHeaderOf">,
) {
  const start: TaskHandler = async (invocation) => {
    const { arguments: given, executionArn, stateName, attempt } = invocation;
    const parameters = isObject(given) ? given : {};
    const machine = machines?.(String(parameters.StateMachineArn));
    if (machine === undefined)
      throw new TaskError(
        "StepFunctions.StateMachineDoesNotExistException",
        `State Machine Does Not Exist: '${String(parameters.StateMachineArn)}'`,
      );
    const name = typeof parameters.Name === "string" ? parameters.Name : nameOf(executionArn, stateName, attempt);
    const input = inputOf(parameters);
    const traceHeader = traceHeaderOf?.(invocation);
    const trace = traceHeader === undefined ? {} : { traceHeader };
    const started = await engine().startExecution({ machine, name, input, ...trace });
    const { executionArn: ExecutionArn, startDate } = started;
    return { ExecutionArn, StartDate: startDate.getTime() };
  };

  const outcomeOfJob = async ({ call, response }: Job): Promise<Outcome> => {
    const arn = isObject(response) ? String(response.ExecutionArn) : "";
    const description = await engine().closed(arn);
    const shown = show(description, call.resource);
    if (description.status === "SUCCEEDED") return { result: shown };
    return { failure: { error: StatesError.TaskFailed, cause: JSON.stringify(shown) } };
  };

  const handlerOf = ({ service, action }: Resource) =>
    service === "states" && action.startsWith("startExecution") ? start : undefined;

  return { handlerOf, outcomeOfJob };
}

/** The same whenever the same attempt is called, so that calling it again finds the execution that it has started. */
const nameOf = (executionArn: string, stateName: string, attempt: number) =>
  createHash("sha256")
    .update(JSON.stringify([executionArn, stateName, attempt]))
    .digest("hex")
    .slice(0, 32);

function inputOf({ Input = {} }: JsonObject): Json {
  return typeof Input === "string" ? JSON.parse(Input) : Input;
}

/** As DescribeExecution; with `.sync:2` input and output are JSON instead of text. */
function show(of: ExecutionDescription, { action }: Resource): JsonObject {
  const data = (value: Json): Json => (action.endsWith(":2") ? value : JSON.stringify(value));
  return {
    ExecutionArn: of.executionArn,
    Input: data(of.input),
    InputDetails: { Included: true },
    Name: of.name,
    ...(of.output === undefined ? {} : { Output: data(of.output), OutputDetails: { Included: true } }),
    ...(of.error === undefined ? {} : { Error: of.error }),
    ...(of.cause === undefined ? {} : { Cause: of.cause }),
    RedriveCount: of.redriveCount,
    StartDate: of.startDate.getTime(),
    StateMachineArn: of.stateMachineArn,
    Status: of.status,
    ...(of.stopDate === undefined ? {} : { StopDate: of.stopDate.getTime() }),
  };
}
