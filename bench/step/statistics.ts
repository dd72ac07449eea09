import type { Chance } from "../../lib/ports/index.ts";

/** The value below which a share of all lies, by the nearest rank. NaN of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value, or the mean of the middle two. NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

export const rounded = (value: number, digits: number) => Number(value.toFixed(digits));

/** In an order of its own, so that what is measured again and again has every neighbour in turn (Fisher and Yates). */
export function shuffled<Item>(items: readonly Item[], chance: Pick<Chance, "random">): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 0) order.push(...left.splice(Math.floor(chance.random() * left.length), 1));
  return order;
}
