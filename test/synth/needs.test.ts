import type { Stack } from "aws-cdk-lib";
import { expect, test } from "vitest";
import { task } from "../definition/documents.ts";
import { agentStacks, allow, HERE, heldIn } from "./agent-stack.ts";

const stackWith = agentStacks();
/** A stack with an agent whose only step has these needs. */
const needing = (needs: readonly object[]) => stackWith({ steps: [task({ needs })] });
const bare = needing([]);

/** What the role of the step holds beyond that of one without needs. */
function addedIn(stack: Stack) {
  const without = heldIn(bare, /steplook/).map((statement) => JSON.stringify(statement));
  return heldIn(stack, /steplook/).filter((statement) => !without.includes(JSON.stringify(statement)));
}

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
  [{ guardrail: "gr7x2k9q1w3e" }, [allow("bedrock:ApplyGuardrail", `arn:aws:bedrock:${HERE}:guardrail/gr7x2k9q1w3e`)]],
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
const cases = NEEDS.map(([need, statements]) => ({ need, statements, stack: needing([need]) }));
const several = needing([{ queue: "orders" }, { topic: "news" }]);

test.each(cases)("the need $need becomes exactly its statement", ({ stack, statements }) => {
  expect(addedIn(stack)).toEqual(statements);
});

test("several needs become the statements of each", () => {
  expect(addedIn(several)).toEqual([
    allow("sqs:SendMessage", `arn:aws:sqs:${HERE}:orders`),
    allow("sns:Publish", `arn:aws:sns:${HERE}:news`),
  ]);
});
