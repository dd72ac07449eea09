import { ArnFormat, Aws, Stack } from "aws-cdk-lib";
import { type Conditions, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Need } from "../../definition/index.ts";
import { acknowledgePatterns } from "../acknowledge.ts";
import { secretArn } from "../names.ts";

/** What a need comes to: what may be done, and to what exactly. */
interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
}

/** Lets a step's function do what the step declares to need, and nothing more. */
export function grantNeed(grantee: LambdaFunction, need: Need): void {
  for (const { actions, resources, conditions = {} } of grantsOf(grantee, need)) {
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources], conditions: { ...conditions } }),
    );
    acknowledgePatterns(grantee, resources, reasonOf(need));
  }
}

function grantsOf(scope: Construct, need: Need): Grant[] {
  if ("bucket" in need) return objects(need);
  if ("secret" in need) {
    return [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn(scope, need.secret)] }];
  }
  if ("parameter" in need) {
    const name = need.parameter.replace(/^\//, "");
    return [{ actions: ["ssm:GetParameter"], resources: [arn(scope, "ssm", "parameter", name)] }];
  }
  if ("model" in need) return model(scope, need.model);
  if ("guardrail" in need)
    return [{ actions: ["bedrock:ApplyGuardrail"], resources: [arn(scope, "bedrock", "guardrail", need.guardrail)] }];
  if ("queue" in need) {
    const resource = Stack.of(scope).formatArn({ service: "sqs", resource: need.queue });
    return [{ actions: ["sqs:SendMessage"], resources: [resource] }];
  }
  if ("topic" in need) {
    const resource = Stack.of(scope).formatArn({ service: "sns", resource: need.topic });
    return [{ actions: ["sns:Publish"], resources: [resource] }];
  }
  if ("function" in need)
    return [{ actions: ["lambda:InvokeFunction"], resources: [functionArn(scope, need.function)] }];
  const actions = { read: ["dynamodb:GetItem", "dynamodb:Query"], write: ["dynamodb:PutItem", "dynamodb:UpdateItem"] };
  return [{ actions: actions[need.access], resources: [arn(scope, "dynamodb", "table", need.table)] }];
}

/** Names of buckets say nothing of accounts: one that is free is anybody's to take. */
const OWN_ACCOUNT = { StringEquals: { "aws:ResourceAccount": Aws.ACCOUNT_ID } };

/** The declared objects, read or created; never overwritten on purpose, never deleted. */
function objects({ bucket, prefix, access }: Extract<Need, { bucket: string }>): Grant[] {
  const bucketArn = `arn:${Aws.PARTITION}:s3:::${bucket}`;
  const keys = `${bucketArn}/${prefix}*`;
  if (access === "create") return [{ actions: ["s3:PutObject"], resources: [keys], conditions: OWN_ACCOUNT }];
  const conditions = { ...OWN_ACCOUNT, StringLike: { "s3:prefix": `${prefix}*` } };
  return [
    { actions: ["s3:GetObject"], resources: [keys], conditions: OWN_ACCOUNT },
    { actions: ["s3:ListBucket"], resources: [bucketArn], conditions },
  ];
}

/** How the ids of inference profiles begin that AWS has defined for several Regions. */
const PROFILE = /^(?:global|us-gov|us|eu|apac|jp|au|ca)\.(?=.)/;

/**
 * A model of this Region; or an inference profile, and through it alone the model in whatever Regions the profile leads to.
 *
 * Source: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
 */
function model(scope: Construct, id: string): Grant[] {
  const actions = ["bedrock:InvokeModel"];
  const model = (region: string, name: string) => `arn:${Aws.PARTITION}:bedrock:${region}::foundation-model/${name}`;
  if (!PROFILE.test(id)) return [{ actions, resources: [model(Stack.of(scope).region, id)] }];
  const profile = arn(scope, "bedrock", "inference-profile", id);
  return [
    { actions, resources: [profile] },
    {
      actions,
      resources: [model("*", id.replace(PROFILE, ""))],
      conditions: { StringEquals: { "bedrock:InferenceProfileArn": profile } },
    },
  ];
}

const reasonOf = (need: Need) =>
  "model" in need
    ? "The inference profile chooses the Region; through anything else the model is not reached."
    : "The step declares that it needs these objects; their names are not known before.";

/** A name may say which alias or version of the function. */
const functionArn = (scope: Construct, name: string) =>
  name.startsWith("arn:")
    ? name
    : Stack.of(scope).formatArn({
        service: "lambda",
        resource: "function",
        resourceName: name,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });

const arn = (scope: Construct, service: string, resource: string, resourceName: string) =>
  Stack.of(scope).formatArn({ service, resource, resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME });
