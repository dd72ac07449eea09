import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { lambdaTool } from "../../lib/aws/index.ts";
import { ErrorClass, type Json } from "../../lib/contract/index.ts";
import { ToolFailed } from "../../lib/ports/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { startLambda } from "../fakes/lambda-server.ts";
import { CREDENTIALS } from "../fakes/signature.ts";

const ARN = "arn:aws:lambda:eu-west-1:444455556666:function:prices:live";
const server = await startLambda({
  echo: (event) => ({ returned: event }),
  "echo:live": (event) => ({ returned: event }),
  [ARN]: (event) => ({ returned: event }),
  nothing: () => ({ returned: undefined }),
  refuses: () => ({ threw: { errorType: "Holdfast.Permanent", errorMessage: "There is no such order." } }),
  crashes: () => ({ threw: { errorType: "TypeError", errorMessage: "secret of the customer" } }),
  "times-out": () => ({ threw: { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 3.00 seconds" } }),
  page: () => ({ wrote: "<h1>Welcome</h1>" }),
  busy: () => ({ error: "TooManyRequestsException", status: 429, headers: { "retry-after": "7" } }),
  broken: () => ({ error: "ServiceException", status: 500 }),
  silent: () => "silent",
});
const dynamo = new DynamoDBClient({ region: "us-east-1", credentials: CREDENTIALS });
const stranger = new DynamoDBClient({
  region: "us-east-1",
  credentials: { ...CREDENTIALS, secretAccessKey: "guessed" },
});
beforeEach(() => {
  server.received.length = 0;
});
afterAll(async () => {
  for (const client of [dynamo, stranger]) client.destroy();
  await server.stop();
});

const call = (
  name: string,
  { client = dynamo, signal = new AbortController().signal } = {},
  input: Json = { id: "7" },
) =>
  lambdaTool({ client, endpoint: server.endpoint }, name).call({
    ...{ input, given: null, idempotencyKey: "key-1", maxBytes: 1_000 },
    signal,
  });
const caught = (thrown: Promise<unknown>): Promise<unknown> => thrown.catch((error: unknown) => error);

describe("a Lambda function as a tool", () => {
  it("is given the input as its event, the key as its client context, and answers with what it returns", async () => {
    expect(await call("echo", {}, { id: "7", nested: ["é"] })).toEqual({ output: { id: "7", nested: ["é"] } });
    expect(server.received).toEqual([
      {
        ...{ name: "echo", region: "us-east-1", event: { id: "7", nested: ["é"] } },
        context: { custom: { "idempotency-key": "key-1" } },
      },
    ]);
  });

  it("may be named with an alias, and by an ARN in its own Region", async () => {
    await call("echo:live");
    await call(ARN);
    expect(server.received.map(({ name, region }) => [name, region])).toEqual([
      ["echo:live", "us-east-1"],
      [ARN, "eu-west-1"],
    ]);
  });

  it("that returns nothing answers null", async () => {
    expect(await call("nothing")).toEqual({ output: null });
  });

  it("refuses by an error of the type Holdfast.Permanent, in its own words", async () => {
    expect(await call("refuses")).toEqual({ refused: "There is no such order." });
  });

  it.each([
    ["crashes", "unreachable"],
    ["times-out", "unreachable"],
    ["missing", "unreachable"],
    ["page", "outputInvalid"],
  ])("that %s fails as %s, and its words are not repeated", async (name, fault) => {
    const error = await caught(call(name));
    expect(error).toBeInstanceOf(ToolFailed);
    expect(error).toMatchObject({ fault, message: expect.not.stringMatching(/secret|3\.00|Welcome|arn:/) });
  });

  it("that there is not has surely not heard of the call; one that crashed may have", async () => {
    expect(await caught(call("missing"))).toMatchObject({ isUnsent: true });
    expect(await caught(call("crashes"))).toMatchObject({ isUnsent: false });
  });

  it("that Lambda holds back, breaks down over, or does not let be invoked, is told apart by its class", async () => {
    expect(classify(await caught(call("busy")))).toMatchObject({ name: ErrorClass.Throttled, retryAfterSeconds: 7 });
    expect(classify(await caught(call("broken")))).toMatchObject({ name: ErrorClass.Transient });
    expect(classify(await caught(call("echo", { client: stranger })))).toMatchObject({ name: ErrorClass.Denied });
  });

  it("is not waited for once nobody waits for the call", async () => {
    const controller = new AbortController();
    const waiting = caught(call("silent", { signal: controller.signal }));
    await expect.poll(() => server.received.length).toBe(1);
    controller.abort();
    expect(await waiting).toMatchObject({ name: "AbortError" });
  });
});
