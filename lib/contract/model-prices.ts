/** Tokens of a model call, as its provider counts them. */
export interface ModelUsage {
  /** Tokens read without a cache, and those that came from it or went into it besides. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  readonly outputTokens: number;
}

/** What a model costs, in US dollars per million tokens. */
export interface ModelPrices {
  readonly input: number;
  readonly output: number;
  /** Of tokens that a cache knows. @default input */
  readonly cacheRead?: number | undefined;
  /** Of tokens that a cache is to know. @default input */
  readonly cacheWrite?: number | undefined;
  /** A call that reads more tokens than `over`, from a cache or not, costs so many times as much, its output included. */
  readonly longPrompt?: { readonly over: number; readonly times: number } | undefined;
}

/** What a call costs, in whole millionths of a US dollar, rounded up. */
export function priceOfUsage(prices: ModelPrices, usage: ModelUsage): number {
  const { input, output, cacheRead = input, cacheWrite = input, longPrompt } = prices;
  const { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens } = usage;
  // Dollars per million tokens are millionths of a dollar per token.
  const microUsd =
    inputTokens * input + cacheReadTokens * cacheRead + cacheWriteTokens * cacheWrite + outputTokens * output;
  const isLong = longPrompt !== undefined && inputTokens + cacheReadTokens + cacheWriteTokens > longPrompt.over;
  return roundedUp(microUsd * (isLong ? longPrompt.times : 1));
}

/** Multiplied prices come out a little too high at times (100 * 1.1 is 110.00000000000001), which is no millionth more. */
const roundedUp = (microUsd: number) => Math.ceil(Number(microUsd.toFixed(6)));
