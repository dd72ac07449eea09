import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Code } from "aws-cdk-lib/aws-lambda";
import { expect, test } from "vitest";
import { checkAgent } from "../../lib/definition/index.ts";
import { HoldfastAgent, HoldfastPlatform, stageSettings } from "../../lib/infra/index.ts";
import { agent, task } from "../definition/documents.ts";
import { cdkContext } from "./synthesise.ts";
import { statementsOf } from "./template.ts";

const env = { account: "111122223333", region: "eu-west-1" };
const HERE = "eu-west-1:111122223333";

const app = new App({ context: { ...cdkContext(), "@aws-cdk/core:validateAgainstDefaultRules": false } });
const code = () => Code.fromInline("export const handler = async () => ({});");
const platform = new HoldfastPlatform(new Stack(app, "P", { env }), "Platform", { stage: stageSettings("dev"), code });

/** A stack with an agent whose only step has these needs. */
function stackWith(needs: readonly object[]): Stack {
  const checked = checkAgent(agent({ steps: [task({ needs })] }));
  if (!checked.ok) throw new TypeError(JSON.stringify(checked.problems));
  const stack = new Stack(app, `Agent${app.node.children.length}`, { env });
  new HoldfastAgent(stack, "Agent", { document: checked.agent, callers: [], platform, code });
  return stack;
}

/** The text of a value, with the partition filled in. */
function printed(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) throw new TypeError(`${value} is no text.`);
  if ("Fn::Join" in value) {
    const [delimiter, parts] = value["Fn::Join"] as [string, unknown[]];
    return parts.map(printed).join(delimiter);
  }
  return "Ref" in value && value.Ref === "AWS::Partition" ? "aws" : JSON.stringify(value);
}

const heldIn = (stack: Stack) =>
  statementsOf(Template.fromStack(stack), /steplook/).map(({ actions, resources, condition }) => ({
    actions,
    resources: resources.map((resource) => printed(JSON.parse(resource))),
    condition,
  }));
const bare = stackWith([]);

/** What the role of the step holds beyond that of one without needs. */
function addedIn(stack: Stack) {
  const without = heldIn(bare).map((statement) => JSON.stringify(statement));
  return heldIn(stack).filter((statement) => !without.includes(JSON.stringify(statement)));
}

const allow = (action: string | string[], resource: string, condition?: object) => ({
  actions: [action].flat(),
  resources: [resource],
  condition,
});

const OWN_ACCOUNT = { StringEquals: { "aws:ResourceAccount": { Ref: "AWS::AccountId" } } };

const NEEDS: readonly (readonly [need: object, statements: readonly object[]])[] = [
  [
    { bucket: "shop", prefix: "in/", access: "read" },
    [
      allow("s3:GetObject", "arn:aws:s3:::shop/in/*", OWN_ACCOUNT),
      allow("s3:ListBucket", "arn:aws:s3:::shop", { ...OWN_ACCOUNT, StringLike: { "s3:prefix": "in/*" } }),
    ],
  ],
  [{ bucket: "shop", access: "create" }, [allow("s3:PutObject", "arn:aws:s3:::shop/*", OWN_ACCOUNT)]],
  [
    { secret: "shop/erp" },
    [allow("secretsmanager:GetSecretValue", `arn:aws:secretsmanager:${HERE}:secret:shop/erp-??????`)],
  ],
  [{ parameter: "/shop/limit" }, [allow("ssm:GetParameter", `arn:aws:ssm:${HERE}:parameter/shop/limit`)]],
  [{ parameter: "limit" }, [allow("ssm:GetParameter", `arn:aws:ssm:${HERE}:parameter/limit`)]],
  [
    { model: "amazon.nova-micro-v1:0" },
    [allow("bedrock:InvokeModel", "arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-micro-v1:0")],
  ],
  [
    { model: "eu.amazon.nova-pro-v1:0" },
    [
      allow("bedrock:InvokeModel", `arn:aws:bedrock:${HERE}:inference-profile/eu.amazon.nova-pro-v1:0`),
      allow("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/amazon.nova-pro-v1:0", {
        StringEquals: {
          "bedrock:InferenceProfileArn": `arn:aws:bedrock:${HERE}:inference-profile/eu.amazon.nova-pro-v1:0`,
        },
      }),
    ],
  ],
  [{ queue: "orders.fifo" }, [allow("sqs:SendMessage", `arn:aws:sqs:${HERE}:orders.fifo`)]],
  [{ function: "prices:live" }, [allow("lambda:InvokeFunction", `arn:aws:lambda:${HERE}:function:prices:live`)]],
  [
    { function: "arn:aws:lambda:eu-west-1:444455556666:function:prices" },
    [allow("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:444455556666:function:prices")],
  ],
  [{ topic: "news" }, [allow("sns:Publish", `arn:aws:sns:${HERE}:news`)]],
  [
    { table: "stock", access: "read" },
    [allow(["dynamodb:GetItem", "dynamodb:Query"], `arn:aws:dynamodb:${HERE}:table/stock`)],
  ],
  [
    { table: "stock", access: "write" },
    [allow(["dynamodb:PutItem", "dynamodb:UpdateItem"], `arn:aws:dynamodb:${HERE}:table/stock`)],
  ],
];
const cases = NEEDS.map(([need, statements]) => ({ need, statements, stack: stackWith([need]) }));
const several = stackWith([{ queue: "orders" }, { topic: "news" }]);

test.each(cases)("the need $need becomes exactly its statement", ({ stack, statements }) => {
  expect(addedIn(stack)).toEqual(statements);
});

test("several needs become the statements of each", () => {
  expect(addedIn(several)).toEqual([
    allow("sqs:SendMessage", `arn:aws:sqs:${HERE}:orders`),
    allow("sns:Publish", `arn:aws:sns:${HERE}:news`),
  ]);
});
