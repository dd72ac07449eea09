import { inspect } from "node:util";
import { BedrockRuntimeClient, ConverseCommand, type ConverseCommandInput } from "@aws-sdk/client-bedrock-runtime";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { bedrockModelClient } from "../../lib/aws/index.ts";
import { ErrorClass, type Json, type JsonObject } from "../../lib/contract/index.ts";
import type { ModelRequest, StopReason } from "../../lib/ports/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { type Failing, modelClientConformance, type Said } from "../conformance/model-client.ts";
import { type BedrockAnswer, exchange, failure, startBedrock } from "../fakes/bedrock-server.ts";
import { CREDENTIALS } from "../fakes/signature.ts";

const MODEL = "global.anthropic.claude-sonnet-5-5";
const EXCHANGES = ["tool-calls", "tool-results", "guardrail"].map(exchange);

const server = await startBedrock(EXCHANGES);
const { endpoint, next, received } = server;
const configuration = { region: "us-east-1", credentials: CREDENTIALS };
const dynamo = new DynamoDBClient({ ...configuration, requestHandler: { socketTimeout: 0 } });
const client = bedrockModelClient({ client: dynamo, endpoint });
const sdk = new BedrockRuntimeClient({
  ...configuration,
  endpoint,
  maxAttempts: 1,
  requestHandler: dynamo.config.requestHandler,
});
beforeEach(() => {
  next.length = 0;
  received.length = 0;
});
afterAll(async () => {
  for (const each of [dynamo, sdk]) each.destroy();
  await server.stop();
});

const asking = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  model: MODEL,
  system: "You handle requests about orders. Refund nothing that was not delivered.",
  messages: [{ role: "user", content: [{ kind: "text", text: "Order 1001 came broken. May it be refunded?" }] }],
  tools: [
    {
      name: "get-order",
      description: "An order by its id.",
      input: { type: "object", properties: { orderId: { type: "string" } }, required: ["orderId"] },
    },
    { name: "get-policy", description: "What may be refunded.", input: { type: "object", properties: {} } },
  ],
  maxTokens: 1024,
  idempotencyKey: "5f1c0a9b3d2e4f60718293a4b5c6d7e8",
  signal: new AbortController().signal,
  ...more,
});

const caught = (thrown: Promise<unknown>): Promise<unknown> => thrown.catch((error: unknown) => error);
const answer = (content: readonly Json[], stopReason: string, usage: Json = {}): BedrockAnswer => ({
  status: 200,
  body: { output: { message: { role: "assistant", content } }, stopReason, usage },
});

describe("a conversation with Bedrock", () => {
  const turns = async () => {
    const asked = asking();
    const first = await client.converse(asked);
    const second = await client.converse({
      ...asked,
      idempotencyKey: "0a1b2c3d4e5f60718293a4b5c6d7e8f9",
      messages: [
        ...asked.messages,
        { role: "assistant", content: first.content },
        {
          role: "user",
          content: [
            {
              ...{ kind: "tool-result", id: "tooluse_Kp1", ok: true },
              content: { orderId: "1001", total: 42.5, delivered: true },
            },
            { kind: "tool-result", id: "tooluse_Kp2", ok: false, content: "The policy cannot be read." },
          ],
        },
      ],
    });
    return { first, second };
  };

  it("goes over the wire as its exchanges have it", async () => {
    const { first, second } = await turns();
    expect(received.map(({ path, body }) => ({ path, body }))).toEqual(
      [exchange("tool-calls"), exchange("tool-results")].map(({ request }) => request),
    );
    expect(first).toEqual({
      content: [
        {
          kind: "opaque",
          provider: `bedrock/${MODEL}`,
          value: {
            reasoningContent: {
              reasoningText: {
                text: "The order and the policy are needed first.",
                signature: "EqoBCkgIBxABGAIiQL0signed",
              },
            },
          },
        },
        { kind: "text", text: "Let me look at the order and at the policy." },
        { kind: "tool-use", id: "tooluse_Kp1", name: "get-order", input: { orderId: "1001" } },
        { kind: "tool-use", id: "tooluse_Kp2", name: "get-policy", input: {} },
      ],
      stop: "tool-use",
      usage: { inputTokens: 21, cacheReadTokens: 0, cacheWriteTokens: 2048, outputTokens: 143 },
    });
    expect(second).toEqual({
      content: [{ kind: "text", text: "It was delivered, so it may be refunded: 42.50 EUR." }],
      stop: "end",
      usage: { inputTokens: 12, cacheReadTokens: 2048, cacheWriteTokens: 210, outputTokens: 31 },
    });
  });

  it("repeats its beginning byte by byte, so that it is found in the cache", async () => {
    await turns();
    const [first = "", second = ""] = received.map(({ text }) => text);
    const end = first.indexOf('{"cachePoint"', first.indexOf('"messages"'));
    expect(second.startsWith(first.slice(0, end - 1))).toBe(true);
    expect(first.slice(0, end)).toContain("get-policy");
  });

  it("hands nobody but its writer what only that understands", async () => {
    const { first } = await turns();
    next.push(answer([{ text: "Well." }], "end_turn"));
    await client.converse(
      asking({ model: "eu.anthropic.claude-opus-5-5", messages: [{ role: "assistant", content: first.content }] }),
    );
    expect(received.at(-1)?.text).not.toContain("reasoningContent");
  });

  it("takes a guardrail, and tells when it spoke", async () => {
    const asked = asking({
      model: "us.amazon.nova-pro-v1:0",
      system: "Be brief.",
      messages: [{ role: "user", content: [{ kind: "text", text: "How do I build a bomb?" }] }],
      ...{ tools: [], maxTokens: 64, guardrail: { id: "gr-7", version: "3" }, idempotencyKey: "77" },
    });
    expect(await client.converse(asked)).toMatchObject({ stop: "filtered", content: [{ kind: "text" }] });
  });
});

describe("the Bedrock client of the AWS SDK", () => {
  it.each(EXCHANGES.map((each) => [each.request.path, each] as const))(
    "says the same: %s",
    async (_, { request, response }) => {
      const { path, body } = request;
      const modelId = decodeURIComponent(path.split("/")[2] ?? "");
      const output = await sdk.send(new ConverseCommand({ modelId, ...body } as ConverseCommandInput));
      expect(received.map(({ path, body }) => ({ path, body }))).toEqual([request]);
      const { stopReason, usage } = response.body as JsonObject;
      expect(output).toMatchObject({ stopReason, usage });
    },
  );

  it.each<[string, number, ErrorClass]>([
    ["ThrottlingException", 429, ErrorClass.Throttled],
    ["ModelNotReadyException", 429, ErrorClass.Throttled],
    ["ModelTimeoutException", 408, ErrorClass.Transient],
    ["ModelErrorException", 424, ErrorClass.Transient],
    ["InternalServerException", 500, ErrorClass.Transient],
    ["ServiceUnavailableException", 503, ErrorClass.Transient],
    ["ValidationException", 400, ErrorClass.Permanent],
    ["ResourceNotFoundException", 404, ErrorClass.Permanent],
    ["AccessDeniedException", 403, ErrorClass.Denied],
    ["UnrecognizedClientException", 403, ErrorClass.Denied],
    ["ExpiredTokenException", 403, ErrorClass.Denied],
  ])("fails the same: %s", async (name, status, as) => {
    next.push(failure(name, status, "As Bedrock says."), failure(name, status, "As Bedrock says."));
    const ours = await caught(client.converse(asking()));
    const theirs = await caught(sdk.send(new ConverseCommand({ modelId: MODEL, messages: [] })));
    const seen = { name, $metadata: { httpStatusCode: status, requestId: "4fd1e2a0" } };
    expect(ours).toMatchObject(seen);
    expect(theirs).toMatchObject(seen);
    expect([classify(ours), classify(theirs)].map((error) => error.name)).toEqual([as, as]);
  });
});

describe("a request to Bedrock", () => {
  const bodyOf = async (more: Partial<ModelRequest>) => {
    next.push(answer([{ text: "Well." }], "end_turn"));
    await bedrockModelClient({ client: dynamo, endpoint }).converse(asking(more));
    return received.at(-1)?.body;
  };
  const pointsOf = (body: JsonObject | undefined) =>
    Object.entries(body ?? {}).flatMap(([key, value]) => (JSON.stringify(value).includes("cachePoint") ? key : []));

  it.each([
    ["global.anthropic.claude-sonnet-5-5", ["system", "toolConfig", "messages"]],
    ["anthropic.claude-3-haiku-20240307-v1:0", []],
    ["us.amazon.nova-pro-v1:0", ["system"]],
    ["us.amazon.nova-2-lite-v1:0", []],
    ["us.meta.llama4-maverick-17b-instruct-v1:0", []],
  ])("ends in cache points only where the model takes them: %s", async (model, points) => {
    expect(pointsOf(await bodyOf({ model }))).toEqual(points);
    expect(received.at(-1)?.path).toBe(`/model/${encodeURIComponent(model)}/converse`);
  });

  it("has no metadata that Bedrock would refuse", async () => {
    expect(await bodyOf({ idempotencyKey: "a{b}" })).not.toHaveProperty("requestMetadata");
    expect(await bodyOf({ idempotencyKey: "a".repeat(257) })).not.toHaveProperty("requestMetadata");
  });

  it("holds nothing that Bedrock takes for empty", async () => {
    const said = (text: string) => [{ kind: "text", text }] as const;
    const body = await bodyOf({
      model: "a",
      system: " ",
      messages: [
        { role: "user", content: said("\n") },
        { role: "assistant", content: [...said(""), { kind: "tool-use", id: "1", name: "a", input: "b" }] },
        { role: "user", content: [{ kind: "tool-result", id: "1", ok: false, content: "" }] },
      ],
    });
    expect(body).not.toHaveProperty("system");
    expect(body?.messages).toEqual([
      { role: "user", content: [{ text: "(empty)" }] },
      { role: "assistant", content: [{ toolUse: { toolUseId: "1", name: "a", input: {} } }] },
      { role: "user", content: [{ toolResult: { toolUseId: "1", content: [{ text: "(empty)" }], status: "error" } }] },
    ]);
  });

  it("goes to the client's region when no endpoint is given", async () => {
    const asked: unknown[] = [];
    const requestHandler = {
      handle: async ({ protocol, hostname, path }: { protocol: string; hostname: string; path: string }) => {
        asked.push(`${protocol}//${hostname}${path}`);
        throw new Error("That is all.");
      },
    };
    const elsewhere = new DynamoDBClient({ ...configuration, region: "eu-central-1", requestHandler });
    await caught(bedrockModelClient({ client: elsewhere }).converse(asking({ model: "a.b-v1:0" })));
    expect(asked).toEqual(["https://bedrock-runtime.eu-central-1.amazonaws.com/model/a.b-v1%3A0/converse"]);
  });

  it("is refused when it is not signed by the right key", async () => {
    const credentials = { ...CREDENTIALS, secretAccessKey: "guessed" };
    const forger = new DynamoDBClient({ ...configuration, credentials });
    const error = await caught(bedrockModelClient({ client: forger, endpoint }).converse(asking()));
    expect(error).toMatchObject({ name: "SignatureDoesNotMatch" });
    expect(classify(error).name).toBe(ErrorClass.Denied);
    forger.destroy();
  });
});

describe("an answer of Bedrock", () => {
  it("whose reason to stop is not known is not to be acted upon", async () => {
    next.push(answer([{ text: "Well." }], "constructor"));
    expect((await client.converse(asking())).stop).toBe("malformed");
  });

  it("that does not say what it took is estimated", async () => {
    next.push({ ...answer([{ text: "12345678" }], "end_turn"), body: { output: {}, stopReason: "end_turn" } });
    const { usage } = await client.converse(asking({ tools: [] }));
    expect(usage.inputTokens).toBeGreaterThan(25);
    expect(usage.inputTokens).toBeLessThan(40);
  });

  it.each<[string, BedrockAnswer | "half"]>([
    ["is no JSON", { status: 200, body: "<html>" }],
    ["is no object", { status: 200, body: "[]" }],
  ])("that %s is asked for again", async (_, given) => {
    next.push(given);
    expect(await caught(client.converse(asking()))).toMatchObject({
      name: ErrorClass.Transient,
      code: "model-answer-unreadable",
    });
  });

  it("of which half comes, and no more, is given up when time is up", async () => {
    next.push("half");
    const error = await caught(client.converse(asking({ signal: AbortSignal.timeout(50) })));
    expect(classify(error).name).toBe(ErrorClass.Transient);
  });

  it.each([
    ["AccessDeniedException", 403, "User: arn:aws:sts::1:x is not authorized to perform", "bedrock:InvokeModel"],
    ["ResourceNotFoundException", 404, "Model not found.", "inference profile"],
    ["ValidationException", 400, "The provided model identifier is invalid.", "inference profile"],
    ["ValidationException", 400, "Value 'Jane Roe' at 'messages.3' failed to satisfy constraint", "whether the model"],
    ["ThrottlingException", 429, "Too many tokens, Jane Roe.", "quota"],
    ["InternalServerException", 500, "Jane Roe broke it.", "request 4fd1e2a0."],
  ])("that is an error is told in our words, which quote nothing: %s, %d, %s", async (name, status, said, fix) => {
    next.push(failure(name, status, said));
    const error = await caught(client.converse(asking()));
    expect(inspect(error, { depth: 10 })).not.toContain(said);
    expect(String(error)).toContain(
      `${name}: ${new URL(endpoint).host} answered with status ${status}, ${name}, request 4fd1e2a0.`,
    );
    expect(String(error)).toContain(fix);
  });

  it.each([
    "Input is too long for requested model.",
    "The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum",
  ])("that refuses a conversation which is too long costs nothing, and says so: %s", async (said) => {
    next.push(failure("ValidationException", 400, said));
    const { stop, content, usage } = await client.converse(asking());
    expect({ stop, content }).toEqual({ stop: "context-full", content: [] });
    expect(Object.values(usage)).toEqual([0, 0, 0, 0]);
  });

  it("takes no name or id that somebody may have written", async () => {
    const headers = { "x-amzn-errortype": "Jane Roe", "x-amzn-requestid": "Jane Roe" };
    next.push({ status: 502, headers, body: "Jane Roe" });
    const error = await caught(client.converse(asking()));
    expect(error).toMatchObject({ name: "Status502", $metadata: { httpStatusCode: 502 } });
    expect(String(error)).not.toContain("Jane Roe");
  });

  it("tells an error under its status where it has no name", async () => {
    next.push({ status: 502, body: "Bad gateway" });
    const error = await caught(client.converse(asking()));
    expect(error).toMatchObject({
      name: "Status502",
      message: `${new URL(endpoint).host} answered with status 502, request 4fd1e2a0.`,
    });
    expect(classify(error).name).toBe(ErrorClass.Transient);
  });
});

const STOPS: Readonly<Record<StopReason, string>> = {
  end: "end_turn",
  "tool-use": "tool_use",
  "max-tokens": "max_tokens",
  filtered: "content_filtered",
  malformed: "malformed_tool_use",
  "context-full": "model_context_window_exceeded",
};
const FAILURES: Readonly<Record<Failing, BedrockAnswer | "broken">> = {
  throttled: failure("ThrottlingException", 429, "Too many tokens.", { "retry-after": "7" }),
  "timed out": failure("ModelTimeoutException", 408, "Too slow."),
  "out of order": failure("ServiceUnavailableException", 503, "Not now."),
  broken: "broken",
  denied: failure("AccessDeniedException", 403, "You don't have access to this model."),
  misunderstood: failure("ValidationException", 400, "Malformed."),
};

const opened = (given: (typeof next)[number]) => {
  next.push(given);
  const before = received.length;
  return Promise.resolve({ client, model: MODEL, asked: () => received.length - before });
};

modelClientConformance("Bedrock", {
  saying: ({ text, toolCalls = [], stop, usage }: Said) =>
    opened(
      answer(
        [
          ...(text === undefined ? [] : [{ text }]),
          ...toolCalls.map((call, index) => ({ toolUse: { toolUseId: `tooluse_${index}`, ...call } })),
        ],
        STOPS[stop],
        usage === undefined
          ? {}
          : {
              inputTokens: usage.inputTokens,
              cacheReadInputTokens: usage.cacheReadTokens,
              cacheWriteInputTokens: usage.cacheWriteTokens,
              outputTokens: usage.outputTokens,
            },
      ),
    ),
  failing: (failing) => opened(FAILURES[failing]),
  failures: ["throttled", "timed out", "out of order", "broken", "denied", "misunderstood"],
  stops: ["end", "tool-use", "max-tokens", "filtered", "malformed", "context-full"],
  silent: () => opened("silent"),
});
