import { describe, expect, test } from "vitest";
import { ErrorClass, Ledger } from "../../../lib/contract/index.ts";
import { estimatedUsage, type ModelClient } from "../../../lib/ports/index.ts";
import type { Raw } from "../../definition/documents.ts";
import { ended, requireKept } from "./endings.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, FALLBACK, FIRST, says, thinking } from "./thinking.ts";

const named = (name: string, more: object) => Object.assign(new Error(name), { name, ...more });
const USAGE = { inputTokens: 900, outputTokens: 100 };
const MOST_ANSWERED = 4_096;
const inTwoTurns = () =>
  says([
    { toolCalls: [call("order")], usage: USAGE },
    { toolCalls: [answer()], usage: USAGE },
  ]);

describe("what a step may spend", () => {
  test("is held against its limit of tokens, to the last one", async () => {
    const early = await ended({ limits: { tokens: MOST_ANSWERED + 900 } }, inTwoTurns());
    const [, most] = /could bring it to (\d+) tokens and/.exec(early.error?.message ?? "") ?? [];
    const run = await ended({ limits: { tokens: Number(most) - 1 } }, inTwoTurns());
    expect(run.error).toMatchObject({
      name: ErrorClass.BudgetExceeded,
      code: "reason-budget",
      message: expect.stringMatching(
        /^The next turn of think could bring it to \d+ tokens and [\d.]+ USD; its limits allow \d+ tokens\. Raise them in the declaration, or answer in its place \(override\)\.$/,
      ),
    });
    expect(run).toMatchObject({ turns: 1, calls: ["order"] });
    await requireKept(run);
    expect(await ended({ limits: { tokens: Number(most) } }, inTwoTurns())).toMatchObject({ output: ANSWERED });
  });

  test("and of money", async () => {
    const early = await ended({ limits: { usd: 0.0001 } }, inTwoTurns());
    const [, first] = /tokens and ([\d.]+) USD; its limits allow 0.0001 USD/.exec(early.error?.message ?? "") ?? [];
    expect(early).toMatchObject({ turns: 0, error: { code: "reason-budget" } });
    const run = await ended({ limits: { usd: Number(first) } }, inTwoTurns());
    expect(run).toMatchObject({ turns: 1, error: { code: "reason-budget" } });
    await requireKept(run);
    expect(await ended({ limits: { usd: Number(first) * 2 } }, inTwoTurns())).toMatchObject({ output: ANSWERED });
  });
});

describe("the budget of the run", () => {
  const limited = async (
    client: ModelClient,
    budget: { tokens?: number; usd?: number },
    more: Raw = {},
    models = {},
  ) => {
    const loop = await loopOf({
      step: thinking({ models: { first: FIRST, ...models } }, more),
      model: () => client,
      budget,
    });
    const spent = async () => {
      const run = await loop.run();
      return { tokens: Number(run[Ledger.tokensSpent] ?? 0), left: Number(run[Ledger.tokensLeft]) };
    };
    return { loop, spent };
  };

  test("holds the most that a turn can cost while it is asked for, what a cache costs included", async () => {
    const prices = { input: 10, output: 1, cacheWrite: 20 };
    const held: number[] = [];
    const client: ModelClient = {
      async converse(request) {
        held.push(1_000_000 - Number((await loop.run())[Ledger.microUsdLeft]));
        const { inputTokens: cacheWriteTokens } = estimatedUsage(request);
        const usage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens, outputTokens: request.maxTokens };
        return { content: [{ kind: "tool-use", id: "1", name: "answer", input: ANSWERED }], stop: "tool-use", usage };
      },
    };
    const { loop } = await limited(client, { usd: 1 }, { models: { [FIRST]: { prices } } });
    expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
    expect(held).toEqual([Number((await loop.run())[Ledger.microUsdSpent])]);
  });

  test("is never passed by a model that fails over and over: its last attempt is not made", async () => {
    let asked = 0;
    const client: ModelClient = {
      async converse() {
        asked += 1;
        throw Object.assign(new Error("Not now."), { name: "ModelErrorException" });
      },
    };
    const { loop: one } = await limited(client, { tokens: 1_000_000 });
    await one.toEnd(1);
    const most = Number((await one.run())[Ledger.tokensSpent]);
    expect(most).toBeGreaterThan(MOST_ANSWERED);

    asked = 0;
    const { loop, spent } = await limited(client, { tokens: 10 * most + most / 2 });
    const { error, attempts } = await loop.toEnd(50);
    expect(error).toMatchObject({
      name: ErrorClass.BudgetExceeded,
      code: "budget-exceeded",
      message: expect.stringContaining("Raise it (decision raise) or give the run up."),
    });
    expect({ asked, attempts, spent: await spent() }).toEqual({
      asked: 10,
      attempts: 11,
      spent: { tokens: 10 * most, left: most / 2 },
    });
  });

  /** What a loop has spent on a first call that failed so: one attempt of it alone, or its answer by another model. */
  const failing = async (error: unknown, more: Raw = {}) => {
    const client: ModelClient = {
      async converse({ model }) {
        if (model === FIRST) throw error;
        const content = [{ kind: "tool-use", id: "1", name: "answer", input: ANSWERED }] as const;
        const usage = { inputTokens: 900, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100 };
        return { content, stop: "tool-use", usage };
      },
    };
    const spentOn = async (models: Raw) => {
      const step = thinking({ ...more, models });
      const loop = await loopOf({ step, model: () => client, budget: { tokens: 1_000_000 } });
      await loop.toEnd(1);
      return Number((await loop.run())[Ledger.tokensSpent] ?? 0);
    };
    return [await spentOn({ first: FIRST }), (await spentOn({ first: FIRST, fallback: FALLBACK })) - 1_000];
  };
  const coded = (code: string) => new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
  const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

  test.each([
    ["is throttled", named("ThrottlingException", answered(429))],
    ["is not ready", named("ModelNotReadyException", answered(429))],
    ["is out of service", named("ServiceUnavailableException", answered(503))],
    ["is out of service at an endpoint", named("Error", { status: 503 })],
    ["was never reached", coded("ECONNREFUSED")],
    ["is not to be found", coded("ENOTFOUND")],
  ])("is not asked for the call of a model that %s, whether another answers or not", async (_, error) => {
    expect(await failing(error)).toEqual([0, 0]);
  });

  test.each([
    ["broke off", coded("ECONNRESET")],
    ["gave no answer in time", named("ModelTimeoutException", answered(408))],
    ["failed", named("ModelErrorException", answered(424))],
    [
      "had been asked before",
      named("ServiceUnavailableException", { $metadata: { httpStatusCode: 503, attempts: 2 } }),
    ],
    ["may have served it, whatever the step makes of that", named("BadGateway", answered(502))],
  ])("is asked for the most of a call of a model that %s, whether another answers or not", async (_, error) => {
    const errors = [{ when: { status: 502 }, as: ErrorClass.Throttled }];
    const [alone = 0, another] = await failing(error, { errors });
    expect(alone).toBeGreaterThan(MOST_ANSWERED);
    expect(another).toBe(alone);
  });

  test("is asked for all that may have served it, where the last one surely did not", async () => {
    const errors = [coded("ECONNRESET"), named("ThrottlingException", answered(429))];
    const client: ModelClient = { converse: async ({ model }) => Promise.reject(errors[model === FIRST ? 0 : 1]) };
    const { loop, spent } = await limited(client, { tokens: 1_000_000 }, {}, { fallback: FALLBACK });
    expect((await loop.toEnd(1)).error).toMatchObject({ name: ErrorClass.Throttled });
    expect((await spent()).tokens).toBeGreaterThan(2 * MOST_ANSWERED);
  });

  test("is never passed by answers that cost fifty times as much, and what was recorded stays when it is raised", async () => {
    const cap = 20_000;
    const dear = { inputTokens: 200, outputTokens: MOST_ANSWERED };
    const calls = Array.from({ length: 6 }, (_, turn) => ({ toolCalls: [call("order", `${turn}`)], usage: dear }));
    const client = says([
      { toolCalls: [call("stock")], usage: { inputTokens: 40, outputTokens: 45 } },
      ...calls,
      [answer()],
    ]);
    const { loop, spent } = await limited(client, { tokens: cap });
    expect((await loop.toEnd()).error).toMatchObject({ name: ErrorClass.BudgetExceeded, code: "budget-exceeded" });
    const { tokens, left } = await spent();
    expect(tokens).toBe(85 + 4 * (200 + MOST_ANSWERED));
    expect(tokens + left).toBe(cap);
    const bought = loop.asked.models.length;

    await loop.store.update(await loop.run(), { add: { [Ledger.tokensLeft]: cap } }, { kind: "matches" });
    expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
    expect(loop.asked.models).toHaveLength(8);
    expect(bought).toBe(5);
    expect(new Set(loop.asked.models.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(8);
  });
});
