import { PLATFORM_TIMEOUT_SECONDS } from "../../contract/index.ts";
import { type SubflowStep, secondsOf } from "../../definition/index.ts";
import { compileValue, jsonata } from "../expression.ts";
import { catchers } from "../failure.ts";
import { LAMBDA_INVOKE, placeholder, variableOf } from "../names.ts";
import type { Continuation, Region } from "../region.ts";
import { SUBFLOW_OPENING } from "../retry.ts";

const OUTPUT = "$states.result.Output";

export const openState = (name: string) => `${name}: open`;

/** Two Tasks: start-run validates the input and writes the child's RUN item, then the child's machine runs to its end. */
export function addSubflow(region: Region, step: SubflowStep, after: Continuation): void {
  const Catch = catchers(region, step, openState(step.name), after);
  const child = `${variableOf(step.name)}__run`;
  region.add(openState(step.name), {
    Type: "Task",
    Resource: LAMBDA_INVOKE,
    Arguments: {
      FunctionName: placeholder({ kind: "start", agent: step.agent }),
      Payload: {
        subflow: {
          parentRunId: jsonata("$states.context.Execution.Name"),
          path: region.pathOf(step.name),
          input: compileValue(step.input, region.names),
        },
      },
    },
    TimeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
    Retry: SUBFLOW_OPENING,
    Catch,
    Assign: { [child]: jsonata("$states.result.Payload") },
    Output: region.carried,
    Next: step.name,
  });
  region.add(step.name, {
    Type: "Task",
    Resource: "arn:aws:states:::states:startExecution.sync:2",
    Arguments: {
      StateMachineArn: placeholder({ kind: "agent", agent: step.agent }),
      Name: jsonata(`$${child}.runId`),
      Input: jsonata(`$${child}.executionInput`),
    },
    TimeoutSeconds: secondsOf(step.timeout),
    Catch,
    Assign: { [variableOf(step.name)]: jsonata(OUTPUT) },
    ...region.pass(after, { step: step.name, result: OUTPUT }),
  });
}
