import { expect, test } from "vitest";
import { type Raw, reason, task } from "../definition/documents.ts";
import { tool, write } from "../definition/tool-cases.ts";
import { agentStacks, HERE, heldIn } from "./agent-stack.ts";

const away = (more: Raw) => tool({ handler: undefined, ...more });
const TOOLS = {
  order: tool(),
  book: write(),
  prices: away({ lambda: "shop-prices:live" }),
  stock: away({ http: { url: "https://a.example.com/{id}", method: "GET", auth: { secret: "shop/api" } } }),
};
const models = {
  "openai/gpt": {
    prices: { input: 1, output: 2 },
    endpoint: { url: "https://a.example.com/v1", auth: { secret: "openai/key" } },
  },
};
const thinking = reason({
  tools: Object.keys(TOOLS),
  models: { first: "amazon.nova-micro-v1:0", fallback: "openai/gpt" },
  compensate: "./cancel.ts",
  needs: [{ bucket: "shop", access: "create" }],
});
const stack = agentStacks()({ tools: TOOLS, models, steps: [thinking, task()] });

/** What a role may do with what is neither the table's nor its log's, beyond what every step may. */
function touchedBy(role: RegExp): string[] {
  const grants = (of: RegExp) =>
    heldIn(stack, of).flatMap(({ actions, resources, condition }) =>
      resources.map((resource) =>
        [actions.join(), resource, ...(condition ? [JSON.stringify(condition)] : [])].join(" "),
      ),
    );
  const usual = grants(/steplook/);
  return grants(role)
    .filter((grant) => !usual.includes(grant) && !/^(dynamodb|logs):/.test(grant))
    .sort();
}

const BUCKET = `s3:PutObject arn:aws:s3:::shop/* {"StringEquals":{"aws:ResourceAccount":{"Ref":"AWS::AccountId"}}}`;

test("a reasoning step may ask its models, read the secrets of models and tools, and invoke its Lambda functions", () => {
  expect(touchedBy(/stepthink/)).toEqual([
    "bedrock:InvokeModel arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-micro-v1:0",
    `lambda:InvokeFunction arn:aws:lambda:${HERE}:function:shop-prices:live`,
    BUCKET,
    `secretsmanager:GetSecretValue arn:aws:secretsmanager:${HERE}:secret:openai/key-??????`,
    `secretsmanager:GetSecretValue arn:aws:secretsmanager:${HERE}:secret:shop/api-??????`,
  ]);
});

test("what undoes it may touch what the step declares, and nothing of its models and tools", () => {
  expect(touchedBy(/undothink/)).toEqual([BUCKET]);
});

test("the breakers of an agent's tools are in reach of the steps that call them, and of no others", () => {
  const breakers = (role: RegExp) =>
    heldIn(stack, role).filter(({ condition }) => JSON.stringify(condition ?? "").includes("BREAKER#"));
  expect(breakers(/stepthink/)).toEqual([
    {
      actions: ["dynamodb:GetItem", "dynamodb:PutItem"],
      resources: [expect.stringContaining("Runs")],
      condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["BREAKER#orders"] } },
    },
  ]);
  expect(breakers(/undothink/)).toEqual([]);
  expect(breakers(/steplook/)).toEqual([]);
});
