import { describe, expect, it } from "vitest";
import { priceOfUsage } from "../../lib/contract/index.ts";
import { modelPrices, PRICED_MODELS } from "../../lib/definition/index.ts";

const usage = (inputTokens: number, outputTokens: number, cacheReadTokens = 0, cacheWriteTokens = 0) => ({
  ...{ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens },
});

describe("the price of a model call", () => {
  const prices = { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 };

  it("is the sum of what is read, written and cached, each at its own price", () => {
    expect(priceOfUsage(prices, usage(1_000_000, 0))).toBe(2_000_000);
    expect(priceOfUsage(prices, usage(0, 1_000_000))).toBe(10_000_000);
    expect(priceOfUsage(prices, usage(21, 143, 2_000, 10))).toBe(42 + 1_430 + 200 + 25);
  });

  it("takes what is cached for input where it has no price of its own", () => {
    expect(priceOfUsage({ input: 2, output: 10 }, usage(0, 0, 5, 7))).toBe(24);
  });

  it("is rounded up to whole millionths of a dollar, and not by the noise of multiplication", () => {
    expect(priceOfUsage({ input: 0.1, output: 0 }, usage(1, 0))).toBe(1);
    expect(priceOfUsage({ input: 0.1, output: 0 }, usage(11, 0))).toBe(2);
    expect(priceOfUsage({ input: 1.1, output: 0 }, usage(100, 0))).toBe(110);
    expect(priceOfUsage(prices, usage(0, 0))).toBe(0);
  });

  it("is multiplied for all of a long prompt's call, from the first token above", () => {
    const tiered = { ...prices, longPrompt: { over: 100, times: 5 } };
    expect(priceOfUsage(tiered, usage(60, 1, 30, 10))).toBe(120 + 10 + 3 + 25);
    expect(priceOfUsage(tiered, usage(61, 1, 30, 10))).toBe(5 * (122 + 10 + 3 + 25));
  });
});

describe("the list of prices", () => {
  it("knows a model by its id and its inference profiles", () => {
    const known = { input: 2, output: 10, cacheRead: 0.1, cacheWrite: 2.5 };
    expect(modelPrices("global.anthropic.claude-sonnet-5-5")).toEqual(known);
  });

  it.each(["anthropic.claude-sonnet-5-5", "eu.anthropic.claude-sonnet-5-5", "us-gov.anthropic.claude-sonnet-5-5"])(
    "asks a tenth more where requests stay in a region or geography: %s",
    (model) => {
      expect(modelPrices(model)).toEqual({ input: 2.2, output: 11, cacheRead: 0.11, cacheWrite: 2.75 });
    },
  );

  it("asks the same everywhere where the provider does", () => {
    const known = { input: 0.8, output: 3.2, cacheRead: 0.2, cacheWrite: 0.8 };
    expect(["amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"].map(modelPrices)).toEqual([known, known]);
  });

  it("keeps the price of long prompts", () => {
    expect(modelPrices("us.anthropic.claude-haiku-5-5")).toEqual({
      ...{ input: 0.11, output: 0.55, cacheRead: 0.011, cacheWrite: 0.1375 },
      longPrompt: { over: 100_000, times: 5 },
    });
  });

  it.each(["anthropic.claude-sonnet-9", "gpt", "", "constructor", "a.constructor", "anthropic.claude-sonnet-5-5-v9:0"])(
    "does not guess: %j",
    (model) => {
      expect(modelPrices(model)).toBeUndefined();
    },
  );

  it("has no model whose tokens cost less to write than to read, or less to read than to find again", () => {
    for (const prices of PRICED_MODELS.map(modelPrices)) {
      const { input = 0, output = 0, cacheRead = 0, cacheWrite = 0 } = prices ?? {};
      expect([0 < cacheRead, cacheRead < input, input <= cacheWrite, cacheWrite < output]).not.toContain(false);
    }
  });
});
