import { ArnFormat, Stack } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { liveOf, startLive } from "../live.ts";
import { executionsArn, startRunArn, stateMachineArn } from "../names.ts";

/** What takes the place of a placeholder in a state machine, and what its role must be allowed for that. */
export interface Target {
  readonly arn: string;
  readonly statements: readonly PolicyStatement[];
}

/** The version of a function that is deployed now. Runs in flight may still invoke the ones before it. */
export const pinned = (target: LambdaFunction): Target => ({
  arn: target.currentVersion.functionArn,
  statements: [invoke(`${target.functionArn}:*`)],
});

/** A function as it is at the time, for those that serve all agents. */
export const unpinned = (arn: string): Target => ({ arn, statements: [invoke(arn)] });

/** The start-run function of another agent, which may be deployed before or after this one. */
export const startOf = (scope: Construct, agent: string): Target => unpinned(startRunArn(scope, agent));

/** Another agent's state machine, run to its end on the version that is live by then. Step Functions learns of the end by a rule of its own. */
export function machineOf(scope: Construct, agent: string): Target {
  const machine = stateMachineArn(scope, agent);
  const completionRule = Stack.of(scope).formatArn({
    service: "events",
    resource: "rule",
    resourceName: "StepFunctionsGetEventsForStepFunctionsExecutionRule",
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return {
    arn: liveOf(machine),
    statements: [
      startLive(machine),
      new PolicyStatement({
        actions: ["states:DescribeExecution", "states:StopExecution"],
        resources: [executionsArn(scope, agent)],
      }),
      new PolicyStatement({
        actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
        resources: [completionRule],
      }),
    ],
  };
}

const invoke = (arn: string) => new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [arn] });
