import { ArnFormat, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { stateMachineName } from "../contract/index.ts";

export { agentStack } from "../contract/index.ts";

/** Names that must be known before, or without, the resource that bears them. */
export const BUS = "holdfast";
export const sweepRuleName = (agent: string) => `holdfast-${agent}-sweep`;
export const startRunName = (agent: string) => `holdfast-${agent}-start-run`;

/** Bucket names are unique in all of a partition. */
export const claimsBucketName = (scope: Construct) =>
  `holdfast-claims-${Stack.of(scope).account}-${Stack.of(scope).region}`;

/** ARN of an agent's state machine; `*` stands for every agent's. */
export const stateMachineArn = (scope: Construct, agent: string) =>
  arn(scope, "states", "stateMachine", stateMachineName(agent));

/** ARN of every execution of an agent's state machine. */
export const executionsArn = (scope: Construct, agent: string) =>
  arn(scope, "states", "execution", `${stateMachineName(agent)}:*`);

export const startRunArn = (scope: Construct, agent: string) => arn(scope, "lambda", "function", startRunName(agent));

export const scheduleGroupName = (agent: string) => `holdfast-${agent}`;
/** ARN of the group of an agent's schedules. */
export const scheduleGroupArn = (scope: Construct, agent: string) =>
  arn(scope, "scheduler", "schedule-group", scheduleGroupName(agent), ArnFormat.SLASH_RESOURCE_NAME);

/** ARN of a secret, as a pattern: it ends with six characters that Secrets Manager chooses. */
export const secretArn = (scope: Construct, name: string) => arn(scope, "secretsmanager", "secret", `${name}-??????`);

/** ARN of the rule that has an agent's runs swept; `*` stands for every agent's. */
export const sweepRuleArn = (scope: Construct, agent: string) =>
  arn(scope, "events", "rule", sweepRuleName(agent), ArnFormat.SLASH_RESOURCE_NAME);

const arn = (
  scope: Construct,
  service: string,
  resource: string,
  resourceName: string,
  arnFormat = ArnFormat.COLON_RESOURCE_NAME,
) => Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat });
