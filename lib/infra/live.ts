import { PolicyStatement } from "aws-cdk-lib/aws-iam";

/** The alias of a state machine by which its runs are started, on the version that it routes to at the time. */
export const LIVE = "live";

export const liveOf = (stateMachineArn: string) => `${stateMachineArn}:${LIVE}`;

/**
 * Allows starting executions by that alias, and by nothing else. Step Functions asks for the ARN of the machine and tells the alias
 * by itself (developer guide: authorization for versions and aliases).
 */
export const startLive = (stateMachineArn: string) =>
  new PolicyStatement({
    actions: ["states:StartExecution"],
    resources: [stateMachineArn],
    conditions: { "ForAnyValue:StringEquals": { "states:StateMachineQualifier": [LIVE] } },
  });
