import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { afterAll, describe, expect, it } from "vitest";
import { decideClient, type HttpApiEvent } from "../../lib/aws/index.ts";
import { startHttpApi } from "../fakes/http-api.ts";

const handler = async ({ rawPath }: HttpApiEvent) => {
  if (rawPath.startsWith("/escalations/late/")) return answer(409, { error: { code: "late", message: "Too late." } });
  if (rawPath === "/escalations/broken") return answer(500, { error: { code: "internal", message: "Broken." } });
  if (rawPath === "/escalations/moved") return { ...answer(302, {}), headers: { location: "/escalations" } };
  if (rawPath === "/escalations/busy") return answer(429, { message: "Too Many Requests" });
  return answer(200, { escalations: ["a"], escalation: { id: "b" }, packet: {} });
};
const answer = (statusCode: number, body: object) => ({ statusCode, body: JSON.stringify(body) });

const secretAccessKey = "may-know-this";
const signed = await startHttpApi({
  handler,
  signers: { ANN: { secretAccessKey, userArn: "arn:aws:iam::1:user/ann" } },
});
const withTokens = await startHttpApi({ handler, tokens: { "ann's token": { sub: "ann" } } });
afterAll(async () => {
  await signed.stop();
  await withTokens.stop();
});

const awsAs = (accessKeyId: string) =>
  new CloudFormationClient({ region: "eu-west-1", credentials: { accessKeyId, secretAccessKey } });
const client = decideClient({ endpoint: signed.endpoint, client: awsAs("ANN") });

describe("the client of the decide API", () => {
  it("signs what it asks, whatever audiences are called", async () => {
    const audiences = ["ap lead (nights)", "zoë*", "a&b=c"];
    expect(await client.list(audiences)).toEqual(["a"]);
    const [event] = signed.events.slice(-1);
    expect(new URLSearchParams(event?.rawQueryString).getAll("audience")).toEqual(audiences);
    expect(event?.requestContext.authorizer).toEqual({ iam: { userArn: "arn:aws:iam::1:user/ann" } });
  });

  it("sends a decision without the id, which is in the path", async () => {
    const decision = { id: "desk-1", decision: "approve", digest: "d", note: "é" };
    expect(await client.decide(decision)).toEqual({ id: "b" });
    const [event] = signed.events.slice(-1);
    expect(event?.rawPath).toBe("/escalations/desk-1/decision");
    const body = JSON.parse(Buffer.from(event?.body ?? "", "base64").toString());
    expect(body).toEqual({ decision: "approve", digest: "d", note: "é" });
  });

  it("sends a token instead where there is one", async () => {
    const access = { endpoint: withTokens.endpoint, client: awsAs("ANN") };
    expect(await decideClient({ ...access, token: "ann's token" }).read("desk-1")).toMatchObject({ packet: {} });
    await expect(decideClient({ ...access, token: "old" }).read("desk-1")).rejects.toMatchObject({
      name: "Holdfast.Denied",
      code: "decide-api-forbidden",
      message: expect.stringContaining("does not take your token"),
    });
  });

  it("throws what the API refuses under its own code", async () => {
    await expect(client.decide({ id: "late" })).rejects.toMatchObject({
      name: "Holdfast.Denied",
      code: "late",
      message: "Too late.",
    });
    await expect(client.read("broken")).rejects.toMatchObject({ name: "Holdfast.Transient", code: "internal" });
  });

  it("says which permission is missing where API Gateway lets nobody in", async () => {
    const { host } = signed.endpoint;
    await expect(decideClient({ endpoint: signed.endpoint, client: awsAs("BOB") }).list(["a"])).rejects.toMatchObject({
      name: "Holdfast.Denied",
      code: "decide-api-forbidden",
      message: expect.stringMatching(new RegExp(`^${host} does not let you in. .*execute-api:Invoke`)),
    });
  });

  it("says what else went wrong, and that there are no credentials", async () => {
    await expect(client.read("busy")).rejects.toMatchObject({
      code: "decide-api-failed",
      message: expect.stringContaining("status 429"),
    });
    await expect(client.read("moved")).rejects.toMatchObject({
      code: "decide-api-failed",
      message: expect.stringContaining("status 302"),
    });
    const nowhere = decideClient({ endpoint: new URL("http://127.0.0.1:1"), client: awsAs("ANN") });
    await expect(nowhere.read("x")).rejects.toMatchObject({
      name: "Holdfast.Transient",
      code: "decide-api-failed",
      message: expect.stringContaining("127.0.0.1:1 did not answer"),
    });
    const nobody = new CloudFormationClient({
      region: "eu-west-1",
      credentials: () => Promise.reject(new Error("Could not load credentials from any providers.")),
    });
    await expect(decideClient({ endpoint: signed.endpoint, client: nobody }).read("x")).rejects.toMatchObject({
      name: "Holdfast.Denied",
      code: "aws-access-missing",
      message: expect.stringContaining("Could not load credentials from any providers. Set AWS_REGION"),
    });
  });
});
