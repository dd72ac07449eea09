import { ErrorClass, HoldfastError, type Json, ToolFault } from "../../contract/index.ts";
import type { ReasonDefinition } from "../../definition/index.ts";
import type { Amounts } from "../cost.ts";
import { callsThatHold } from "./calls-that-hold.ts";
import { type Data, holds } from "./condition.ts";
import type { Answered, Turn } from "./turn.ts";

/** How often the same call, with the same input, may be asked for while its answer holds. */
const MOST_REPEATS = 3;
/** Turns in a row without anything new. */
const MOST_IDLE_TURNS = 3;
/** Turns on which a model asks on although enough is known. */
const MOST_OVER_ASKING = 2;

const FINAL: readonly string[] = [
  "asked-by-model",
  "reason-budget",
  "reason-context-full",
  "reason-filtered",
  "reason-invalid-answer",
  "reason-no-progress",
  "reason-over-asking",
  "reason-repeats",
  "reason-turns",
];

/** Whether a loop that ended with this code comes to the same end when it is tried again: all that led there is recorded. */
export const isFinal = (code: string): boolean => FINAL.includes(code);

/** What a loop has come to, as conditions see it: `facts.<tool>` is a tool's last output, `turn` the number of turns so far. */
export function dataOf(input: Json, turns: readonly Turn[]): Data {
  const results = turns.flatMap((turn) => turn.results);
  const outputs = results.flatMap(({ use, outcome }) => (outcome.ok ? [[use.name, outcome.output] as const] : []));
  const failures = results.filter(({ outcome }) => !outcome.ok).length;
  return { input, facts: Object.fromEntries(outputs), turn: turns.length, calls: results.length, failures };
}

export const isEnough = ({ enough }: ReasonDefinition, data: Data) => enough !== undefined && holds(enough, data);

/**
 * Stops a loop that leads nowhere.
 *
 * @throws Holdfast.NeedsHuman with code `reason-repeats`, `reason-no-progress`, `reason-over-asking` or `reason-turns`.
 */
export function requireProgress(
  step: string,
  { limits, tools }: ReasonDefinition,
  turns: readonly Turn[],
  overAsked: number,
): void {
  const counts = new Map<string, number>();
  for (const { use, key, from } of callsThatHold(turns, tools)) {
    if (from === "nothing") continue;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= MOST_REPEATS) continue;
    // What a model calls a tool that there is not may be anything.
    const tool = tools.find(({ name }) => name === use.name)?.name ?? "a tool that there is not";
    throw stopped("reason-repeats", step, `asked for ${tool} with the same input ${count} times`);
  }
  if (overAsked >= MOST_OVER_ASKING) {
    throw stopped("reason-over-asking", step, `went on asking on ${overAsked} turns although enough was known`);
  }
  const idle = turns.slice(-MOST_IDLE_TURNS);
  if (idle.length === MOST_IDLE_TURNS && idle.every(isIdle)) {
    throw stopped(
      "reason-no-progress",
      step,
      `found out nothing new on ${idle.length} turns in a row${toldOn(idle.at(-1))}`,
    );
  }
  if (turns.length >= limits.turns) {
    throw stopped("reason-turns", step, `did not come to an answer in ${turns.length} turns`);
  }
}

/** Messages of other failures may have words of a model or a tool. */
const REPEATS_NOTHING = ToolFault.inputInvalid.code;

const isIdle = ({ results }: Turn) => results.every(({ outcome, from }) => from !== "call" || !outcome.ok);

/** What the model was told on a turn that brought nothing new, in words that repeat nothing of what it asked for. */
function toldOn({ remark, results }: Pick<Turn, "remark" | "results"> = { results: [] }): string {
  const failures = results.flatMap(({ outcome }) => (outcome.ok ? [] : outcome.failure));
  const why = remark ?? failures.map(({ code, message }) => (code === REPEATS_NOTHING ? message : code)).at(-1);
  return why === undefined ? "" : ` (told on the last: ${why.replace(/\.$/, "")})`;
}

/** @throws Holdfast.Denied, code `reason-filtered`; Holdfast.NeedsHuman, code `reason-context-full` */
export function requireHeard(step: string, { model, response: { stop } }: Answered): void {
  if (stop === "filtered") {
    throw new HoldfastError(
      ErrorClass.Denied,
      "reason-filtered",
      `What ${model} said in step ${step} was held back by its provider or a guardrail. Look at the input, and answer in its place (override), or abort.`,
    );
  }
  if (stop === "context-full") {
    throw new HoldfastError(
      ErrorClass.NeedsHuman,
      "reason-context-full",
      `The conversation of step ${step} is longer than ${model} takes. Lower contextTokens in the declaration, or answer in its place (override).`,
    );
  }
}

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
    `Step ${step} was stopped: the model ${what}. Look at what it found, and answer in its place (override), or abort: tried again, it comes to the same end.`,
  );
