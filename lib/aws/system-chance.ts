import { randomUUID } from "node:crypto";
import type { Chance } from "../ports/index.ts";

/** Chance of the machine: nothing repeats. */
export const systemChance: Chance = { random: () => Math.random(), uuid: () => randomUUID() };
