import { Aws } from "aws-cdk-lib";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import { LAMBDA_GRACE_SECONDS } from "../../contract/index.ts";
import { secondsOf, type TaskStep } from "../../definition/index.ts";
import { acknowledgePatterns } from "../acknowledge.ts";
import { functionKey } from "../entries.ts";
import { createFunction } from "../function.ts";
import type { HoldfastAgentProps } from "./agent-props.ts";
import { budgetsAbove } from "./budgets.ts";

/**
 * The function of a step, or of what undoes it. Its role reaches the items and the claims of this agent's runs, the
 * budgets of runs that it may be a subflow of, and what the step declares to need.
 */
export function createStepFunction(
  scope: Construct,
  kind: "step" | "undo",
  step: TaskStep,
  { document, callers, code, platform }: HoldfastAgentProps,
): LambdaFunction {
  const created = createFunction(scope, `${kind}-${step.name}`, {
    code: code(functionKey(document.name, { kind, step: step.name })),
    stage: platform.stage,
    description: `${kind === "undo" ? "Undoes step" : "Step"} ${step.name} of agent ${document.name}.`,
    timeoutSeconds: secondsOf(step.timeout) + LAMBDA_GRACE_SECONDS,
    memorySize: step.memory,
  });
  platform.runs.grantRunsOf([document.name, ...budgetsAbove(callers)], created);
  platform.claims.grantClaimsOf(document.name, created);
  for (const need of step.needs) grantNeed(created, need);
  return created;
}

/** The declared objects, read or created; never overwritten on purpose, never deleted. */
function grantNeed(grantee: LambdaFunction, { bucket, prefix, access }: TaskStep["needs"][number]): void {
  const bucketArn = `arn:${Aws.PARTITION}:s3:::${bucket}`;
  const objects = `${bucketArn}/${prefix}*`;
  const allow = (action: string, resource: string, conditions = {}) =>
    grantee.addToRolePolicy(new PolicyStatement({ actions: [action], resources: [resource], conditions }));
  if (access === "create") {
    allow("s3:PutObject", objects);
  } else {
    allow("s3:GetObject", objects);
    allow("s3:ListBucket", bucketArn, { StringLike: { "s3:prefix": `${prefix}*` } });
  }
  acknowledgePatterns(
    grantee,
    [objects],
    "The step declares that it needs these objects; their names are not known before.",
  );
}
