import { ErrorClass, HoldfastError, type Json } from "../../contract/index.ts";
import type { ReasonDefinition } from "../../definition/index.ts";
import type { Amounts } from "../cost.ts";
import { digestOf } from "../digest.ts";
import { type Data, holds } from "./condition.ts";
import type { ToolUse, Turn } from "./turn.ts";

/** How often the same call, with the same input, may be asked for; its answer is given again, and the tool is not called. */
const MOST_REPEATS = 3;
/** Turns in a row without anything new. */
const MOST_IDLE_TURNS = 3;
/** Turns on which a model asks on although enough is known. */
const MOST_OVER_ASKING = 2;

/** What a loop has come to, as conditions see it: `facts.<tool>` is a tool's last output, `turn` the number of turns so far. */
export function dataOf(input: Json, turns: readonly Turn[]): Data {
  const results = turns.flatMap((turn) => turn.results);
  const outputs = results.flatMap(({ use, outcome }) => (outcome.ok ? [[use.name, outcome.output] as const] : []));
  const failures = results.filter(({ outcome }) => !outcome.ok).length;
  return { input, facts: Object.fromEntries(outputs), turn: turns.length, calls: results.length, failures };
}

export const isEnough = ({ enough }: ReasonDefinition, data: Data) => enough !== undefined && holds(enough, data);

/** What tells calls apart: two with the same are the same call. */
export const callKey = ({ name, input }: Pick<ToolUse, "name" | "input">) => digestOf([name, input]);

/**
 * Stops a loop that leads nowhere.
 *
 * @throws Holdfast.NeedsHuman with code `reason-repeats`, `reason-no-progress`, `reason-over-asking` or `reason-turns`.
 */
export function requireProgress(
  step: string,
  { limits }: ReasonDefinition,
  turns: readonly Turn[],
  overAsked: number,
): void {
  const counts = new Map<string, number>();
  for (const { use, from } of turns.flatMap(({ results }) => results)) {
    if (from === "nothing") continue;
    const key = callKey(use);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > MOST_REPEATS)
      throw stopped("reason-repeats", step, `asked for ${use.name} with the same input ${count} times`);
  }
  if (overAsked >= MOST_OVER_ASKING) {
    throw stopped("reason-over-asking", step, `went on asking on ${overAsked} turns although enough was known`);
  }
  const idle = turns.slice(-MOST_IDLE_TURNS);
  if (idle.length === MOST_IDLE_TURNS && idle.every(isIdle)) {
    throw stopped("reason-no-progress", step, `found out nothing new on ${idle.length} turns in a row`);
  }
  if (turns.length >= limits.turns)
    throw stopped("reason-turns", step, `did not come to an answer in ${turns.length} turns`);
}

const isIdle = ({ results }: Turn) => results.every(({ outcome, from }) => from !== "call" || !outcome.ok);

/** Holds the next turn against what the step may spend. @throws Holdfast.BudgetExceeded, code `reason-budget` */
export function requireAffordable(step: string, { limits }: ReasonDefinition, spent: Amounts, most: Amounts): void {
  const tokens = spent.tokens + most.tokens;
  const usd = (spent.microUsd + most.microUsd) / 1_000_000;
  const isWithin =
    tokens <= (limits.tokens ?? Number.POSITIVE_INFINITY) && usd <= (limits.usd ?? Number.POSITIVE_INFINITY);
  if (isWithin) return;
  const allowed = [
    ...(limits.tokens === undefined ? [] : [`${limits.tokens} tokens`]),
    ...(limits.usd === undefined ? [] : [`${limits.usd} USD`]),
  ].join(" and ");
  throw new HoldfastError(
    ErrorClass.BudgetExceeded,
    "reason-budget",
    `The next turn of ${step} could bring it to ${tokens} tokens and ${usd} USD; its limits allow ${allowed}. Raise them in the declaration, or answer in its place (override).`,
  );
}

const stopped = (code: string, step: string, what: string) =>
  new HoldfastError(
    ErrorClass.NeedsHuman,
    code,
    `Step ${step} was stopped: the model ${what}. Look at what it found, and answer in its place (override), or have it tried again.`,
  );
