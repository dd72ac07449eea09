import type { ModelPrices } from "../contract/index.ts";

interface Listed extends ModelPrices {
  /** What it costs to keep a request in a region or geography, as a factor; 1 where that costs nothing. */
  readonly regional: number;
}

/** Claude writes a cache of five minutes at 1.25 times the price of its input. */
const claude = (input: number, output: number, cacheRead: number): Listed => ({
  ...{ input, output, cacheRead, cacheWrite: input * 1.25 },
  regional: 1.1,
});

const nova = (input: number, output: number, regional = 1): Listed => ({
  ...{ input, output, cacheRead: input / 4, cacheWrite: input },
  regional,
});

/**
 * On demand at Amazon Bedrock, standard tier, in October 2026, by the id of the model: what its global inference profile costs.
 *
 * @see https://aws.amazon.com/bedrock/pricing/
 * @see https://platform.claude.com/docs/en/about-claude/pricing
 * @see https://aws.amazon.com/nova/pricing/
 */
const LISTED: Readonly<Record<string, Listed>> = {
  "anthropic.claude-opus-5-5": claude(4, 20, 0.2),
  "anthropic.claude-sonnet-5-5": claude(2, 10, 0.1),
  "anthropic.claude-haiku-5-5": { ...claude(0.1, 0.5, 0.01), longPrompt: { over: 100_000, times: 5 } },
  "anthropic.claude-opus-4-6-v1": claude(5, 25, 0.5),
  "anthropic.claude-sonnet-4-6": claude(3, 15, 0.3),
  "anthropic.claude-haiku-4-5-20251001-v1:0": claude(1, 5, 0.1),
  "amazon.nova-2-lite-v1:0": nova(0.3, 2.5, 1.1),
  "amazon.nova-pro-v1:0": nova(0.8, 3.2),
  "amazon.nova-lite-v1:0": nova(0.06, 0.24),
  "amazon.nova-micro-v1:0": nova(0.035, 0.14),
};

/** The ids of the models whose prices are known, without the prefix of an inference profile. */
export const PRICED_MODELS: readonly string[] = Object.keys(LISTED);

/**
 * What a model of Amazon Bedrock costs by list price; undefined where that is not known here, so that the agent has to say.
 *
 * @param model id of the model or of its inference profile (`global.`, `us.`, `eu.`, …).
 */
export function modelPrices(model: string): ModelPrices | undefined {
  const [, profile, id = ""] = /^(?:(global|[a-z]{2,4}(?:-gov)?)\.)?([a-z]+\..+)$/.exec(model) ?? [];
  const listed = Object.hasOwn(LISTED, id) ? LISTED[id] : undefined;
  if (listed === undefined) return undefined;
  const { regional, ...prices } = listed;
  return profile === "global" ? prices : times(prices, regional);
}

const times = ({ input, output, cacheRead, cacheWrite, longPrompt }: ModelPrices, factor: number): ModelPrices => ({
  input: scaled(input, factor),
  output: scaled(output, factor),
  cacheRead: cacheRead === undefined ? undefined : scaled(cacheRead, factor),
  cacheWrite: cacheWrite === undefined ? undefined : scaled(cacheWrite, factor),
  ...(longPrompt === undefined ? {} : { longPrompt }),
});

const scaled = (price: number, factor: number) => Number((price * factor).toFixed(6));
