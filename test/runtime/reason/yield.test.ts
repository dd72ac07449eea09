import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ErrorClass } from "../../../lib/contract/index.ts";
import { virtualClock } from "../../../lib/local/index.ts";
import type { ModelClient } from "../../../lib/ports/index.ts";
import { write } from "../../definition/tool-cases.ts";
import { type LoopOptions, loopOf } from "./loops.ts";
import { ANSWERED, answer, call, FALLBACK, FIRST, says, TOOLS, thinking } from "./thinking.ts";

/** A clock that passes only while something takes its time, and models and tools that take it. */
function slowly(model: ModelClient, modelMs: number, toolMs = 0): Pick<LoopOptions, "clock" | "model" | "tool"> {
  const clock = virtualClock();
  clock.hold();
  return {
    clock,
    model: () => ({
      async converse(request) {
        await clock.sleep(modelMs, request.signal);
        request.signal.throwIfAborted();
        return model.converse(request);
      },
    }),
    async tool(_, { signal }) {
      if (toolMs > 0) await clock.sleep(toolMs, signal);
      signal.throwIfAborted();
      return { paid: true };
    },
  };
}

/** Runs to the end, and notes after each attempt how many actions are recorded, and how many were begun for nothing. */
async function paced(options: LoopOptions) {
  const grown: number[] = [];
  let begun = 0;
  const loop = await loopOf({
    ...options,
    lineOf: async () => {
      grown.push((await loop.actions()).filter(({ status }) => status === "done").length);
      return (what, act) => {
        if (/^(ask|call) /.test(what)) begun += 1;
        return act();
      };
    },
  });
  const ending = await loop.toEnd();
  const keys = [...loop.asked.models, ...loop.asked.tools].map(({ idempotencyKey }) => idempotencyKey);
  return { loop, ...ending, grown, keys, inVain: begun - keys.length };
}

const twelve = () => says([...Array.from({ length: 11 }, (_, turn) => [call("order", `${turn}`)]), [answer()]]);

describe("an attempt whose time is short leaves the rest to the next", () => {
  test("between two turns, when less than a minute is left", async () => {
    const run = await paced({ step: thinking({ timeout: "5m", maxTokens: 1_000 }), ...slowly(twelve(), 50_000) });
    expect(run).toMatchObject({ output: ANSWERED, attempts: 3, grown: [0, 10, 20], inVain: 0 });
  });

  test("or a minute for each model that may have to be asked", async () => {
    const models = { first: FIRST, fallback: FALLBACK };
    const step = thinking({ timeout: "5m", models, maxTokens: 1_000 });
    const run = await paced({ step, ...slowly(twelve(), 50_000) });
    expect(run).toMatchObject({ output: ANSWERED, attempts: 3, grown: [0, 8, 16], inVain: 0 });
  });

  test("or as long as an answer of full length may take, at 50 tokens a second", async () => {
    const run = await paced({ step: thinking({ timeout: "5m", maxTokens: 10_000 }), ...slowly(twelve(), 50_000) });
    expect(run).toMatchObject({ output: ANSWERED, attempts: 4, grown: [0, 6, 12, 18], inVain: 0 });
  });

  test("or as long as one has taken", async () => {
    const run = await paced({ step: thinking({ timeout: "5m", maxTokens: 1_000 }), ...slowly(twelve(), 110_000) });
    expect(run).toMatchObject({ output: ANSWERED, attempts: 6, inVain: 0 });
  });

  test("and a turn that needs more than the whole time of an attempt has one to itself", async () => {
    const run = await paced({ step: thinking({ timeout: "5m", maxTokens: 200_000 }), ...slowly(twelve(), 1_000) });
    expect(run).toMatchObject({ output: ANSWERED, attempts: 12, inVain: 0 });
  });

  test("before readings that may take longer than is left", async () => {
    const step = thinking({ timeout: "60s" });
    const inTime = await paced({ step, ...slowly(says([[call("order")], [answer()]]), 53_000) });
    expect(inTime).toMatchObject({ output: ANSWERED, grown: [0, 2] });
    const late = await paced({ step, ...slowly(says([[call("order")], [answer()]]), 53_001) });
    expect(late).toMatchObject({ output: ANSWERED, grown: [0, 1] });
  });

  test("and tells so under its own class", async () => {
    const loop = await loopOf({ step: thinking({ timeout: "60s" }), ...slowly(twelve(), 53_001) });
    await expect(loop.attempt()).rejects.toMatchObject({
      name: ErrorClass.Yielded,
      code: "reason-yielded",
      message: "The time of this attempt of step think is short. It goes on in the next, from what was recorded.",
    });
  });

  test("each brings the step further, and none does what another has done", () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(20, 61, 100, 300),
        fc.integer({ min: 1, max: 59 }),
        fc.integer({ min: 0, max: 4_900 }),
        fc.array(fc.array(fc.constantFrom("order", "stock", "note", "refund"), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (timeout, seconds, toolMs, turns) => {
          const calls = turns.map((names, turn) => names.map((name, index) => call(name, `${turn}.${index}`)));
          const run = await paced({
            step: thinking({ timeout: `${timeout}s` }),
            ...slowly(says([...calls, [answer()]]), Math.min(seconds, timeout - 8) * 1_000, toolMs),
          });
          expect(run).toMatchObject({ output: ANSWERED, inVain: 0 });
          expect(run.grown).toEqual([...new Set(run.grown)].sort((a, b) => a - b));
          expect(new Set(run.keys).size).toBe(run.keys.length);
        },
      ),
      { numRuns: 60 },
    ));
});

describe("a write begins only where its own time fits into what is left", () => {
  const noting = () => says([[call("note")], [answer()]]);
  const begun = async (milliseconds: number) => {
    const loop = await loopOf({ step: thinking({ timeout: "60s" }), ...slowly(noting(), milliseconds) });
    await loop.attempt().catch(() => undefined);
    return (await loop.recorded()).has("turn-1.0-note");
  };

  test("to the millisecond", async () => {
    expect([await begun(53_000), await begun(53_001)]).toEqual([true, false]);
  });

  test("so an attempt that ends never leaves one behind whose outcome nobody knows", async () => {
    const run = await paced({ step: thinking({ timeout: "60s" }), ...slowly(noting(), 53_001, 4_900) });
    expect(run).toMatchObject({ output: ANSWERED });
    expect(run.loop.asked.tools).toHaveLength(1);
  });

  test("not even as the first thing of an attempt", async () => {
    const tools = { ...TOOLS, note: write({ timeout: "60s" }) };
    // A check refuses this: the tool may take as long as the step.
    const step = { ...thinking({}, { tools }), timeoutSeconds: 60 };
    const loop = await loopOf({ step, ...slowly(noting(), 1_000, 59_900) });
    const { error } = await loop.toEnd(5);
    expect(error).toMatchObject({ name: ErrorClass.Yielded, code: "reason-yielded" });
    expect(loop.asked.tools).toEqual([]);
    expect((await loop.recorded()).has("turn-1.0-note")).toBe(false);
  });
});

describe("the time that a step may take", () => {
  const HOUR = 3_600_000;
  /** A loop whose first write is approved after so long. */
  const waiting = async (milliseconds: number) => {
    const model = () => says([[call("refund")], [call("order", "a")], [call("order", "b")], [answer()]]);
    const loop = await loopOf({ step: thinking({ limits: { time: "1h" } }), model });
    await expect(loop.attempt()).rejects.toMatchObject({ code: "approval-needed" });
    loop.advance(milliseconds);
    return loop;
  };

  test("counts from the first answer on, whatever it waits for", async () => {
    expect(await (await waiting(HOUR)).toEnd()).toMatchObject({ output: ANSWERED });
    const loop = await waiting(HOUR + 1);
    expect((await loop.toEnd()).error).toEqual({
      name: ErrorClass.NeedsHuman,
      code: "reason-time",
      message:
        "Step think was stopped: it did not come to an answer in 3600 s. Look at what it found, and answer in its place (override), or have it tried again, one turn at a time.",
    });
    // What was approved is done all the same.
    expect(loop.asked.tools.map(({ name }) => name)).toEqual(["refund"]);
  });

  test("leaves it to people to go on, one turn at a time", async () => {
    const loop = await waiting(HOUR + 1);
    const ends = [await loop.toEnd(), await loop.toEnd(), await loop.toEnd(), await loop.toEnd()];
    expect(ends.map(({ error }) => error?.code)).toEqual(["reason-time", "reason-time", "reason-time", undefined]);
    expect(loop.asked.models).toHaveLength(4);
  });
});
