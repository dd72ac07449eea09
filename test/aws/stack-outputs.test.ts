import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { afterAll, describe, expect, it } from "vitest";
import { stackOutput } from "../../lib/aws/index.ts";
import { startCloudFormation } from "../fakes/cloudformation-server.ts";

const outputs: Record<string, Record<string, string>> = {
  HoldfastPlatform: { DecideApi: "https://x.execute-api.eu-west-1.amazonaws.com/" },
  Other: { Bucket: "b", Topic: "t" },
  Silent: {},
};

const server = await startCloudFormation(outputs);
const client = new CloudFormationClient({
  endpoint: server.endpoint,
  region: "eu-west-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
});
afterAll(() => {
  client.destroy();
  server.stop();
});

describe("an output of a stack", () => {
  it("is found by its name", async () => {
    expect(await stackOutput(client, "HoldfastPlatform", "DecideApi")).toBe(outputs.HoldfastPlatform?.DecideApi);
  });

  it("that is missing is told with those that are there", async () => {
    await expect(stackOutput(client, "Other", "DecideApi")).rejects.toMatchObject({
      name: "Holdfast.InvalidInput",
      code: "stack-output-missing",
      message: expect.stringContaining("only Bucket, Topic"),
    });
    await expect(stackOutput(client, "Silent", "DecideApi")).rejects.toThrow("only none");
  });

  it("of a stack that is missing is told with the region that was asked", async () => {
    await expect(stackOutput(client, "Typo", "DecideApi")).rejects.toMatchObject({
      name: "Holdfast.InvalidInput",
      code: "stack-missing",
      message: expect.stringContaining("eu-west-1 has no stack Typo"),
    });
  });

  it("that may not be read is told as AWS tells it", async () => {
    await expect(stackOutput(client, "Secret", "DecideApi")).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
