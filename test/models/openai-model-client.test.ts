import { inspect } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { ErrorClass, type Json } from "../../lib/contract/index.ts";
import { patientFetch } from "../../lib/http/index.ts";
import { type ChatEndpoint, openAiModelClient } from "../../lib/models/index.ts";
import type { ModelRequest, StopReason } from "../../lib/ports/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { type Failing, modelClientConformance, type Said } from "../conformance/model-client.ts";
import { type OpenAiAnswer, startOpenAi } from "../fakes/openai-server.ts";

const KEY = "sk-only-for-us";
const server = await startOpenAi(KEY);
const { baseUrl, next, received } = server;
const withKey = (key: string, more: Partial<ChatEndpoint> = {}) =>
  openAiModelClient(
    { secrets: { read: async () => key }, fetch: patientFetch },
    { url: baseUrl, auth: { secret: "openai/key" }, ...more },
  );
const client = withKey(`${KEY}\n`);
beforeEach(() => {
  next.length = 0;
  received.length = 0;
});
afterAll(() => server.stop());

const asking = (more: Partial<ModelRequest> = {}): ModelRequest => ({
  ...{ model: "gpt", system: "Be brief.", messages: [], tools: [], maxTokens: 64, idempotencyKey: "1" },
  signal: new AbortController().signal,
  ...more,
});
const caught = (thrown: Promise<unknown>): Promise<unknown> => thrown.catch((error: unknown) => error);
const answer = (message: Json, finish: string | null, more: { readonly [key: string]: Json } = {}): OpenAiAnswer => ({
  status: 200,
  body: { choices: [{ index: 0, message, finish_reason: finish }], ...more },
});
const calling = (given: string) => ({
  ...{ role: "assistant", content: null },
  tool_calls: [{ id: "call_1", type: "function", function: { name: "get-order", arguments: given } }],
});

describe("a request for a chat completion", () => {
  it("has the whole conversation, the results of tools before what was said besides", async () => {
    next.push(answer({ role: "assistant", content: "Well." }, "stop"));
    await client.converse(
      asking({
        messages: [
          { role: "user", content: [{ kind: "text", text: "May it be refunded?" }] },
          {
            role: "assistant",
            content: [
              { kind: "opaque", provider: "bedrock/a", value: { reasoningContent: {} } },
              { kind: "text", text: "Let me look." },
              { kind: "tool-use", id: "call_1", name: "get-order", input: { orderId: "1001" } },
              { kind: "tool-use", id: "call_2", name: "get-policy", input: {} },
            ],
          },
          {
            role: "user",
            content: [
              { kind: "text", text: "Go on." },
              { kind: "tool-result", id: "call_1", ok: true, content: { total: 42.5 } },
              { kind: "tool-result", id: "call_2", ok: false, content: "Unreadable." },
            ],
          },
        ],
        tools: [{ name: "get-order", description: "An order.", input: { type: "object" } }],
      }),
    );
    expect(received).toEqual([
      {
        model: "gpt",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "May it be refunded?" },
          {
            role: "assistant",
            content: "Let me look.",
            tool_calls: [
              { id: "call_1", type: "function", function: { name: "get-order", arguments: '{"orderId":"1001"}' } },
              { id: "call_2", type: "function", function: { name: "get-policy", arguments: "{}" } },
            ],
          },
          { role: "tool", tool_call_id: "call_1", content: '{"total":42.5}' },
          { role: "tool", tool_call_id: "call_2", content: '{"error":"Unreadable."}' },
          { role: "user", content: "Go on." },
        ],
        tools: [
          {
            type: "function",
            function: { name: "get-order", description: "An order.", parameters: { type: "object" } },
          },
        ],
        max_completion_tokens: 64,
      },
    ]);
  });

  it("limits the answer by another name where one says so", async () => {
    next.push(answer({ content: "Well." }, "stop"));
    await withKey(KEY, { url: `${baseUrl}/`, limit: "max_tokens" }).converse(asking());
    expect(received[0]).toMatchObject({ max_tokens: 64 });
  });

  it("is refused where it names a guardrail, which nobody there would keep", async () => {
    const error = await caught(client.converse(asking({ guardrail: { id: "gr-7", version: "3" } })));
    expect(error).toMatchObject({ name: ErrorClass.Permanent, code: "guardrail-unsupported" });
    expect(received).toEqual([]);
  });

  it.each(["sk with spaces", "sk-ü", ""])("is not made with the key %j, and no error tells a key", async (key) => {
    const error = await caught(withKey(key).converse(asking()));
    expect(error).toMatchObject({ name: ErrorClass.Denied, code: "model-key-unusable" });
    if (key !== "") expect(inspect(error)).not.toContain(key);
    const refused = await caught(withKey("sk-wrong").converse(asking()));
    expect(classify(refused).name).toBe(ErrorClass.Denied);
    expect(inspect(refused, { depth: 10 })).not.toContain("sk-wrong");
  });
});

describe("a chat completion", () => {
  it.each<[string, OpenAiAnswer, StopReason]>([
    ["calls a tool, whatever the server calls that", answer(calling('{"a":1}'), "stop"), "tool-use"],
    ["calls a tool with nothing", answer(calling(""), "tool_calls"), "tool-use"],
    ["calls a tool with what is no JSON", answer(calling('{"a":'), "tool_calls"), "malformed"],
    ["says that it calls tools, and calls none", answer({ content: "" }, "tool_calls"), "malformed"],
    ["stops for a reason that is not known", answer({ content: "Well." }, "tired"), "malformed"],
    ["has no choices", { status: 200, body: {} }, "malformed"],
    [
      "is refused since the conversation is too long",
      { status: 400, body: { error: { code: "context_length_exceeded" } } },
      "context-full",
    ],
  ])("that %s", async (_, given, stop) => {
    next.push(given);
    expect((await client.converse(asking())).stop).toBe(stop);
  });

  it("that does not say what it took is estimated", async () => {
    next.push(answer({ content: "12345678" }, "stop"));
    expect((await client.converse(asking())).usage).toMatchObject({ outputTokens: 2 });
  });

  it("that does not end is not read to its end, nor asked for again", async () => {
    next.push({ status: 200, body: " ".repeat(16 * 1_024 * 1_024 + 1) });
    expect(await caught(client.converse(asking()))).toMatchObject({
      name: ErrorClass.Permanent,
      code: "model-answer-too-large",
    });
  });

  it("that leads elsewhere is not followed", async () => {
    next.push({ status: 307, headers: { location: `${baseUrl}/chat/completions` }, body: {} });
    expect(classify(await caught(client.converse(asking()))).name).toBe(ErrorClass.Permanent);
    expect(received.length).toBe(1);
  });

  it("that is no JSON is asked for again", async () => {
    next.push({ status: 200, body: "<html>" });
    expect(await caught(client.converse(asking()))).toMatchObject({
      name: ErrorClass.Transient,
      code: "model-answer-unreadable",
    });
  });
});

const FINISHED: Readonly<Partial<Record<StopReason, string>>> = {
  ...{ end: "stop", "tool-use": "tool_calls", "max-tokens": "length", filtered: "content_filter", malformed: "odd" },
};
const refusal = (status: number, code: string, headers: Record<string, string> = {}): OpenAiAnswer => ({
  ...{ status, headers },
  body: { error: { message: "No.", type: "requests", param: null, code } },
});
const FAILURES: Readonly<Record<Failing, OpenAiAnswer | "broken">> = {
  throttled: refusal(429, "rate_limit_exceeded", { "retry-after": "7" }),
  "timed out": refusal(504, "timeout"),
  "out of order": refusal(503, "server_is_busy"),
  broken: "broken",
  denied: refusal(403, "model_not_allowed"),
  misunderstood: refusal(400, "invalid_value"),
};
const opened = (given: (typeof next)[number]) => {
  next.push(given);
  return Promise.resolve({ client, model: "gpt", asked: () => received.length });
};

modelClientConformance("an endpoint compatible with OpenAI", {
  saying: ({ text, toolCalls = [], stop, usage }: Said) => {
    if (stop === "context-full") return opened(refusal(400, "context_length_exceeded"));
    const tool_calls = toolCalls.map(({ name, input }, index) => ({
      ...{ id: `call_${index}`, type: "function" },
      function: { name, arguments: JSON.stringify(input) },
    }));
    const counted =
      usage === undefined
        ? {}
        : {
            usage: {
              prompt_tokens: usage.inputTokens + usage.cacheReadTokens,
              prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
              completion_tokens: usage.outputTokens,
            },
          };
    return opened(answer({ content: text ?? null, tool_calls }, FINISHED[stop] ?? null, counted));
  },
  failing: (failing) => opened(FAILURES[failing]),
  failures: ["throttled", "timed out", "out of order", "broken", "denied", "misunderstood"],
  stops: ["end", "tool-use", "max-tokens", "filtered", "malformed", "context-full"],
  silent: () => opened("silent"),
});
