import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { PLATFORM_TIMEOUT_SECONDS } from "../../contract/index.ts";
import { functionKey, OPEN_ESCALATION, webhooksOf } from "../entries.ts";
import { createFunction } from "../function.ts";
import { secretArn } from "../names.ts";
import type { HoldfastAgentProps } from "./agent-props.ts";
import { budgetsAbove } from "./budgets.ts";

/**
 * The function that asks people about an agent's runs. Its role reaches what people are asked of these runs and of no
 * others, the budgets that a decision raises, and the secrets that the agent's webhooks name.
 */
export function createOpenEscalation(
  scope: Construct,
  { document, callers, code, platform }: HoldfastAgentProps,
): LambdaFunction {
  const { name, escalations } = document;
  const created = createFunction(scope, OPEN_ESCALATION.name, {
    code: code(functionKey(name, OPEN_ESCALATION)),
    stage: platform.stage,
    description: `Asks people about runs of agent ${name}.`,
    timeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
  });
  const audiences = Object.values(escalations).flatMap(({ tiers }) => tiers.map(({ audience }) => audience));
  platform.runs.grantAsk({ agent: name, budgets: budgetsAbove(callers), audiences }, created);
  platform.escalations.grantNotify(created);
  for (const secret of new Set(webhooksOf(document).map((webhook) => webhook.secret))) grantSecret(created, secret);
  return created;
}

function grantSecret(grantee: LambdaFunction, name: string): void {
  const resources = [secretArn(grantee, name)];
  grantee.addToRolePolicy(new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources }));
}
