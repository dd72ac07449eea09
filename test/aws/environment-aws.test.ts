import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { environmentAws } from "../../lib/aws/index.ts";
import { ErrorClass } from "../../lib/contract/index.ts";

beforeAll(() => {
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/nowhere/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterAll(() => vi.unstubAllEnvs());

const asked = { idempotencyKey: "k", signal: new AbortController().signal };

it("a model of Bedrock is not asked where nothing says in which Region and as whom", async () => {
  const request = { ...asked, model: "eu.amazon.nova-pro-v1:0", system: "", messages: [], tools: [], maxTokens: 9 };
  await expect(environmentAws().bedrock.converse(request)).rejects.toMatchObject({
    ...{ name: ErrorClass.Denied, code: "aws-access-missing" },
    message: expect.stringContaining("AWS cannot be asked. Region is missing. Set AWS_REGION and AWS_PROFILE,"),
  });
});

it("nor is a Lambda function invoked: as a tool it refuses us", async () => {
  const call = environmentAws()
    .lambda("prices")
    .call({ ...asked, input: {}, given: {}, maxBytes: 9 });
  await expect(call).rejects.toMatchObject({ name: "ToolFailed", fault: "unauthorised" });
});
