import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, describe, expect, test } from "vitest";
import { bedrockModelClient } from "../../../lib/aws/index.ts";
import { priceOfUsage } from "../../../lib/contract/index.ts";
import type { ModelClient } from "../../../lib/ports/index.ts";
import { type BedrockAnswer, failure, startBedrock } from "../../fakes/bedrock-server.ts";
import { CREDENTIALS } from "../../fakes/signature.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, FALLBACK, FIRST, says, thinking } from "./thinking.ts";

const server = await startBedrock();
const client = new DynamoDBClient({
  region: "eu-central-1",
  credentials: CREDENTIALS,
  requestHandler: { socketTimeout: 0 },
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

/** What the model says, turn by turn. On the third the first model is throttled. */
const TURNS = [
  {
    text: "Let me look.",
    calls: [call("order", "a"), call("stock", "a")],
    usage: { inputTokens: 900, outputTokens: 60 },
  },
  { text: "", calls: [call("order", "b"), call("shell")], usage: { inputTokens: 1_200, outputTokens: 40 } },
  { text: "It may be.", calls: [call("refund", "a")], usage: { inputTokens: 1_500, outputTokens: 50 } },
  { text: "", calls: [call("order", "a"), call("note", "b")], usage: { inputTokens: 1_700, outputTokens: 45 } },
  { text: "", calls: [answer()], usage: { inputTokens: 1_900, outputTokens: 20 } },
];
const THROTTLED = 2;
const said = (text: string) => (text === "" ? [] : [text]);

function scripted(first: string): ModelClient {
  const reply = ({ text, calls, usage }: (typeof TURNS)[number]) => ({
    ...(text === "" ? {} : { text }),
    ...{ toolCalls: calls, usage },
  });
  const faults = [{ fault: "throttle" as const, times: 9 }];
  return says(TURNS.map(reply), [{ when: { turn: THROTTLED, model: first }, faults }]);
}

const wired = ({ text, calls, usage }: (typeof TURNS)[number], turn: number): BedrockAnswer => ({
  status: 200,
  body: {
    output: {
      message: {
        role: "assistant",
        content: [
          ...said(text).map((text) => ({ text })),
          ...calls.map(({ name, input = {} }, index) => ({
            toolUse: { toolUseId: `tooluse_${turn}${index}`, name, input },
          })),
        ],
      },
    },
    stopReason: "tool_use",
    usage,
  },
});

/** One run of the document, and what is to be compared of it. */
async function run(first: string, model: () => ModelClient) {
  const step = thinking({ models: { first, fallback: FALLBACK } });
  const loop = await loopOf({ step, model, budget: { usd: 1, tokens: 100_000 } });
  const ending = await loop.toEnd();
  const actions = (await loop.actions()).map(({ sk, status, tokens }) => ({
    sk: sk.replace(/^.*#/, ""),
    status,
    tokens,
  }));
  const results = loop.asked.models
    .at(-1)
    ?.messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.kind === "tool-result" ? [{ ok: part.ok, content: part.content }] : [])),
    );
  return {
    same: {
      ending,
      actions,
      results,
      tools: loop.asked.tools.map(({ name, input }) => ({ name, input })),
      models: loop.asked.models.map(({ model }) => (model === FALLBACK ? "fallback" : "first")),
    },
    paid: (await loop.step())?.microUsd,
    step,
  };
}

describe("the same agent, on a script and on Bedrock over the wire", async () => {
  const offline = await run("scripted/desk.yaml", () => scripted("scripted/desk.yaml"));
  server.next.push(
    ...TURNS.flatMap((turn, index) => [
      ...(index === THROTTLED ? [failure("ThrottlingException", 429, "Too many tokens.")] : []),
      wired(turn, index),
    ]),
  );
  const bedrock = bedrockModelClient({ client, endpoint: server.endpoint });
  const online = await run(FIRST, () => bedrock);

  test("calls the same tools in the same order, is told the same, records the same and comes to the same", () => {
    expect(online.same).toEqual(offline.same);
    expect(online.same).toMatchObject({
      ending: { output: ANSWERED, attempts: 2 },
      tools: [
        ...[call("order", "a"), call("stock", "a"), call("order", "b"), call("refund", "a")],
        ...[call("order", "a"), call("note", "b")],
      ],
      models: ["first", "first", "fallback", "first", "first"],
    });
  });

  test("asks Bedrock for each turn once, and once more where it was throttled", () => {
    expect(server.next).toEqual([]);
    expect(server.received.map(({ path }) => decodeURIComponent(path))).toEqual(
      [FIRST, FIRST, FIRST, FALLBACK, FIRST, FIRST].map((model) => `/model/${model}/converse`),
    );
    expect(server.received.map(({ body }) => (body.messages as readonly unknown[]).length)).toEqual([1, 3, 5, 5, 7, 9]);
  });

  test("differs in what it costs by the price alone: a script is for nothing", () => {
    const paid = ({ step }: typeof online) =>
      TURNS.reduce((sum, { usage }, turn) => {
        const model = turn === THROTTLED ? step.reason?.models.fallback : step.reason?.models.first;
        const whole = { cacheReadTokens: 0, cacheWriteTokens: 0, ...usage };
        return sum + priceOfUsage(model?.prices ?? { input: 0, output: 0 }, whole);
      }, 0);
    expect([offline.paid, online.paid]).toEqual([paid(offline), paid(online)]);
    expect(paid(offline)).toBeGreaterThan(0);
    expect(paid(online)).toBeGreaterThan(paid(offline));
  });
});
