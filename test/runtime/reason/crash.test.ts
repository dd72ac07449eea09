import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ErrorClass, type Json, Ledger, priceOfUsage } from "../../../lib/contract/index.ts";
import type { Item } from "../../../lib/ports/index.ts";
import { idempotencyKey } from "../../../lib/runtime/identity.ts";
import { mortals } from "./deaths.ts";
import { type Loop, loopOf } from "./loops.ts";
import { ANSWERED, answer, call, FALLBACK, FIRST, STRONG, says, thinking } from "./thinking.ts";

const BUDGET = { tokens: 500_000, usd: 5 };
const TURNS = 12;
const TICK_MS = 100;

const step = thinking({
  models: { first: FIRST, strong: { model: STRONG, when: { $gte: [{ $from: "failures" }, 2] } }, fallback: FALLBACK },
  limits: { turns: TURNS },
});

const { first, strong, fallback } = step.reason?.models ?? {};
const PRICES = new Map(
  [first, strong, fallback].flatMap((each) => (each === undefined ? [] : [[each.id, each.prices]])),
);

/** Reads at the same time, calls that are repeated, refused and not allowed, three writes, three models. */
const model = () =>
  says(
    [
      [call("order", "a"), call("order", "b"), call("stock", "a")],
      [call("order", "c"), call("stock", "c")],
      { text: "Let me see." },
      [call("refund", "a")],
      [call("order", "d"), call("stock", "d"), call("order", "e")],
      [call("order", "a")],
      [call("letter", "a"), call("note", "a")],
      [call("order", "f"), call("stock", "f")],
      [call("shell")],
      [call("stock", "gone"), call("order", "g")],
      [call("stock", "h")],
      [answer()],
    ],
    // From the second failure on the strong one is asked, and in the end it is out of order.
    [{ when: { turn: 11, model: STRONG }, faults: [{ fault: "outage", times: 1_000 }] }],
  );

/** What the world makes of calls. A refund or a note that is asked for again under its key is not made again. */
function world() {
  const effects: string[] = [];
  const known = new Set<string>();
  const tool = (name: string, { input, idempotencyKey: key }: { input: Json; idempotencyKey: string }): Json => {
    if (name === "stock" && (input as { id: string }).id === "gone") return { refused: "It is gone." };
    const isRepeat = name !== "letter" && known.has(key);
    if (name !== "order" && name !== "stock" && !isRepeat) effects.push(name);
    known.add(key);
    return { paid: true };
  };
  return { effects, tool };
}

/** What was asked of the world, and what of it was written down, when a process had died. */
interface Scene {
  readonly asked: readonly string[];
  readonly recorded: ReadonlyMap<string, Item>;
}

/** Runs to the end, with deaths after so many moves each. */
async function lived(moments: readonly number[]) {
  const { places, deaths, lineOf } = mortals(moments);
  const { effects, tool } = world();
  const scenes: Scene[] = [];
  const keysOf = ({ asked }: Loop) => [...asked.models, ...asked.tools].map(({ idempotencyKey }) => idempotencyKey);
  const loop: Loop = await loopOf({
    ...{ step, model, tool, budget: BUDGET },
    died: () => deaths.length,
    async lineOf() {
      if (deaths.length > scenes.length) scenes.push({ asked: keysOf(loop), recorded: await loop.recorded() });
      const line = lineOf();
      return (what, act) => {
        // No two things are done at the same time: what was said must not depend on when it is said again.
        loop.advance(TICK_MS);
        return line(what, act);
      };
    },
  });
  const ending = await loop.toEnd();
  const recorded = await loop.recorded();
  const { runId, path, visit } = loop.event;
  const asked = [...scenes.map(({ asked }) => asked), keysOf(loop)];
  /** How often it was done what an action stands for, by each death and in the end. */
  const timesOf = (action: string) => {
    const sought = idempotencyKey(runId, path, visit, action);
    return asked.map((keys) => keys.filter((key) => key === sought).length);
  };
  return { loop, ending, effects, places, deaths, scenes, recorded, timesOf };
}

const calm = await lived([]);
const ACTIONS = [...calm.recorded.keys()].filter((action) => !action.endsWith(":asked"));
const isModelCall = (action: string) => /^turn-\d+$/.test(action);

test("without a death every call is made once", () => {
  expect(calm.ending).toEqual({ output: ANSWERED, attempts: 3 });
  expect(calm.effects).toEqual(["refund", "letter", "note"]);
  expect(ACTIONS.flatMap(calm.timesOf)).toEqual(ACTIONS.map(() => 1));
  expect(ACTIONS.filter(isModelCall)).toHaveLength(TURNS);
  expect(calm.loop.asked.models.map(({ model }) => model)).toEqual([
    ...Array.from({ length: 10 }, () => FIRST),
    STRONG,
    FALLBACK,
  ]);
});

/** What was spent of the run's budget, what dead processes still hold of it, and what there is to pay. */
async function spending({ loop, recorded }: Awaited<ReturnType<typeof lived>>) {
  const run = await loop.run();
  const payable = loop.asked.models.map(({ model, answered: { usage } }) => ({
    tokens: usage.inputTokens + usage.outputTokens,
    microUsd: priceOfUsage(PRICES.get(model) ?? { input: 0, output: 0 }, usage),
  }));
  const held = Object.entries(run).flatMap(([name, value]) =>
    typeof value === "string" && /^\d+:\d+:\d+$/.test(value) ? [{ name, amounts: value.split(":").map(Number) }] : [],
  );
  const of = (spent: string, left: string, at: 1 | 2, budget: number, amount: "tokens" | "microUsd") => ({
    ...{ spent: Number(run[spent] ?? 0), left: Number(run[left]), budget },
    held: held.map(({ amounts }) => amounts[at] ?? 0),
    payable: sum(payable.map((each) => each[amount])),
    recorded: sum([...recorded.values()].map((item) => Number(item[amount] ?? 0))),
  });
  return {
    tokens: of(Ledger.tokensSpent, Ledger.tokensLeft, 1, BUDGET.tokens, "tokens"),
    microUsd: of(Ledger.microUsdSpent, Ledger.microUsdLeft, 2, BUDGET.usd * 1_000_000, "microUsd"),
  };
}
const sum = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

/** What must hold however often processes died. */
async function requireSound(run: Awaited<ReturnType<typeof lived>>) {
  const { loop, ending, effects, deaths, scenes, timesOf } = run;
  const times = new Map(ACTIONS.map((action) => [action, timesOf(action)] as const));
  const isLetterUnsure = scenes.some(({ recorded }) => recorded.get("turn-7.0-letter")?.status === "intent");
  if (isLetterUnsure) {
    expect(ending.error).toMatchObject({ name: ErrorClass.UnknownOutcome, code: "unknown-outcome" });
    expect(effects.slice(0, 1)).toEqual(["refund"]);
    expect(times.get("turn-7.0-letter")?.at(-1)).toBeLessThanOrEqual(1);
  } else {
    expect(ending.output).toEqual(ANSWERED);
    expect(effects).toEqual(["refund", "letter", "note"]);
    // What a process has done and not written down, a later one does again; nothing else.
    const again = [...times].map(([action, by]) => {
      const isLost = ({ recorded }: Scene, at: number) =>
        (by[at] ?? 0) > (by[at - 1] ?? 0) && recorded.get(action)?.status !== "done";
      return [action, 1 + scenes.filter(isLost).length];
    });
    expect([...times].map(([action, by]) => [action, by.at(-1)])).toEqual(again);
  }
  const rebought = sum([...times].map(([action, by]) => (isModelCall(action) ? Math.max(0, (by.at(-1) ?? 0) - 1) : 0)));
  expect(rebought).toBeLessThanOrEqual(deaths.length);

  const said = new Map<string, string>();
  for (const { idempotencyKey: key, signal, answered, ...request } of loop.asked.models) {
    const text = JSON.stringify(request);
    expect(said.get(key) ?? text).toBe(text);
    said.set(key, text);
  }

  for (const { spent, left, budget, held, payable } of Object.values(await spending(run))) {
    expect(spent + left + sum(held)).toBe(budget);
    expect(held.length).toBeLessThanOrEqual(deaths.length);
    // Of what a dead process held nobody knows whether it was spent: it counts, so the ledger never counts too little.
    expect(spent + sum(held)).toBeGreaterThanOrEqual(payable);
    expect(spent).toBeLessThanOrEqual(payable);
  }
  return { rebought };
}

test("without a death the ledger counts what there is to pay, and holds nothing", async () => {
  for (const { spent, held, payable, recorded } of Object.values(await spending(calm))) {
    expect({ spent, held, recorded }).toEqual({ spent: payable, held: [], recorded: payable });
    expect(payable).toBeGreaterThan(0);
  }
  const { tokens, microUsd } = await spending(calm);
  expect(await calm.loop.step()).toMatchObject({ tokens: tokens.recorded, microUsd: microUsd.recorded });
});

describe("a death changes nothing but that the model call is bought once more whose answer it took with it", () => {
  const isLost = (place: string) =>
    /^after ask /.test(place) || /^before put ACTION#think#1#turn-\d+ done$/.test(place);

  test.each(calm.places.map((place, index) => [index + 1, place] as const))("%i, %s", async (moment, place) => {
    const run = await lived([moment]);
    expect(run.deaths).toEqual([place]);
    const { rebought } = await requireSound(run);
    expect(rebought).toBe(isLost(place) ? 1 : 0);
  });
});

test("nor do several", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: calm.places.length }), { minLength: 2, maxLength: 6 }),
      async (moments) => {
        await requireSound(await lived(moments));
      },
    ),
    { numRuns: 30 },
  ));
