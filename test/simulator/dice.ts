import { seededChance } from "../../lib/local/seeded-chance.ts";
import type { Chance } from "../../lib/ports/index.ts";

/** Seeded chance in the forms in which a simulation asks for it. */
export interface Dice extends Chance {
  /** A whole number from 0 to one less than `sides`. */
  below(sides: number): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  /** True so often. @param probability from 0 to 1. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Dice of their own: what they show does not depend on what was thrown elsewhere. */
  fork(purpose: string): Dice;
}

export function dice(seed: string): Dice {
  const source = seededChance(seed);
  const below = (sides: number) => Math.floor(source.random() * sides);
  return {
    ...source,
    below,
    between: (low, high) => low + below(high - low + 1),
    chance: (probability) => source.random() < probability,
    pick: (items) => items[below(items.length)] ?? items[0],
    fork: (purpose) => dice(`${seed}/${purpose}`),
  };
}
