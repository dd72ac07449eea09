/** What an action costs, at most or in fact. What is left out costs nothing. */
export interface Cost {
  readonly tokens?: number;
  /** US dollars; millionths are counted, and what is less is rounded up. */
  readonly usd?: number;
}

/** A cost in whole numbers: these add up exactly, in every store. */
export interface Amounts {
  readonly tokens: number;
  /** Millionths of a US dollar. */
  readonly microUsd: number;
}

export const NOTHING: Amounts = { tokens: 0, microUsd: 0 };

/** Rounded up; what is not a number that can be spent counts as nothing. */
export const amountsOf = ({ tokens = 0, usd = 0 }: Cost): Amounts => ({
  tokens: spendable(tokens),
  microUsd: spendable(usd * 1_000_000),
});

/** Multiplied prices come out a little too high at times (0.07 * 1e6 is 70000.00000000001), which is no millionth more. */
const spendable = (value: number) => Math.max(0, Math.ceil(Number((Number.isFinite(value) ? value : 0).toFixed(3))));

export const plus = (a: Amounts, b: Amounts): Amounts => ({
  tokens: a.tokens + b.tokens,
  microUsd: a.microUsd + b.microUsd,
});

export const minus = (a: Amounts, b: Amounts): Amounts => ({
  tokens: a.tokens - b.tokens,
  microUsd: a.microUsd - b.microUsd,
});
