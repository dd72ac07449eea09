import { z } from "zod";

/** Names end up in policies, where `*`, `?` and `$` would stand for others. */
const named = (pattern: RegExp, most: number, example: string) =>
  z.string().max(most).regex(pattern, `must be a name of AWS, without wildcards, such as "${example}"`);

const BucketNeed = z.strictObject({
  bucket: z
    .string()
    .min(3)
    .max(63)
    .regex(/^[a-z0-9][a-z0-9.-]*$/, "must be the name of an S3 bucket, without wildcards")
    .describe("Name of an S3 bucket."),
  prefix: z
    .string()
    .max(200)
    .regex(/^[^*?$]*$/, "must not hold *, ? or $")
    .default("")
    .describe("Only objects whose keys start so."),
  access: z.enum(["read", "create"]),
});
const SecretNeed = z.strictObject({
  secret: named(/^[\w/+=.@-]+$/, 512, "shop/erp").describe(
    "Name of a secret in Secrets Manager, which the step reads.",
  ),
});
const ParameterNeed = z.strictObject({
  parameter: named(/^\/?[\w.-]+(\/[\w.-]+)*$/, 1_011, "/shop/limit").describe(
    "Name of a parameter of Systems Manager, which the step reads.",
  ),
});
const ModelNeed = z.strictObject({
  model: named(/^[a-z0-9][a-zA-Z0-9.:_-]*$/, 140, "eu.amazon.nova-pro-v1:0").describe(
    "Id of a Bedrock model or of an inference profile, which the step invokes.",
  ),
});
export const GUARDRAIL = /^[a-z0-9]{1,64}$/;
const GuardrailNeed = z.strictObject({
  guardrail: named(GUARDRAIL, 64, "gr7x2k9q1w3e").describe("Id of a guardrail of Bedrock, which the step applies."),
});
const QueueNeed = z.strictObject({
  queue: named(/^[\w-]+(\.fifo)?$/, 80, "shop-orders").describe("Name of an SQS queue, which the step sends to."),
});
const TopicNeed = z.strictObject({
  topic: named(/^[\w-]+(\.fifo)?$/, 256, "shop-news").describe("Name of an SNS topic, which the step publishes to."),
});
const TableNeed = z.strictObject({
  table: named(/^[\w.-]{3,}$/, 255, "shop-stock").describe("Name of a DynamoDB table."),
  access: z.enum(["read", "write"]).describe("read: GetItem and Query; write: PutItem and UpdateItem."),
});
export const FUNCTION =
  /^(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:)?[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$/;
const FunctionNeed = z.strictObject({
  function: named(FUNCTION, 300, "shop-prices").describe("Name or ARN of a Lambda function, which the step invokes."),
});

/** What a step's role may touch beyond the run's own items, in the account and Region of the agent unless an ARN says otherwise. */
export const Need = z
  .union(
    [BucketNeed, SecretNeed, ParameterNeed, ModelNeed, GuardrailNeed, QueueNeed, TopicNeed, TableNeed, FunctionNeed],
    "must be one of { bucket, prefix, access }, { secret }, { parameter }, { model }, { guardrail }, { queue }, { topic }, { table, access }, { function }",
  )
  .meta({ id: "Need" });
export type Need = z.output<typeof Need>;
