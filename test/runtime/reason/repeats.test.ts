import { describe, expect, test } from "vitest";
import { ErrorClass, type Json, runKey } from "../../../lib/contract/index.ts";
import { classify, planCompensation, runUndo, type Undone } from "../../../lib/runtime/index.ts";
import { write } from "../../definition/tool-cases.ts";
import { testPorts } from "../../fakes/ports.ts";
import { type LoopOptions, loopOf } from "./loops.ts";
import { ANSWERED, answer, call, says, TOOLS, thinking } from "./thinking.ts";

const named = (name: string, code?: string) =>
  Object.assign(new Error(name), { name, ...(code === undefined ? {} : { code }) });

/** A loop with a write whose answers a test tells one by one; what throws is an error. */
async function writing(answers: (Json | Error)[], more: Partial<LoopOptions> = {}) {
  const step = thinking({ compensate: "./undo.ts" });
  const tool = () => {
    const next = answers.shift() ?? { paid: true };
    if (next instanceof Error) throw next;
    return next;
  };
  const loop = await loopOf({ step, model: () => says([[call("note")], [answer()]]), tool, ...more });
  const attempt = () => loop.attempt().catch((error: unknown) => classify(error));
  const { input: _, ...event } = loop.event;
  const planned = async () => {
    const { steps } = await planCompensation(testPorts(loop.store), {
      runId: event.runId,
      steps: [step.name],
      lasting: [],
    });
    return steps.map(({ path }) => path);
  };
  const undone = async () => {
    const seen: Undone[] = [];
    await runUndo(testPorts(loop.store), step, async (given) => seen.push(given), event);
    return seen[0]?.calls;
  };
  return { loop, attempt, planned, undone };
}

const LOST = () => named("Error", "ECONNRESET");

test("a repeat of a write whose answer was lost, and that is held back, is no proof that nothing was written", async () => {
  const { attempt, planned, loop } = await writing([LOST(), named("ThrottlingException")]);
  expect(await attempt()).toMatchObject({ name: ErrorClass.Transient });
  expect(await attempt()).toMatchObject({ name: ErrorClass.Throttled });
  const [item] = (await loop.store.query(runKey(loop.event.runId), "ACTION#")).filter(({ sk }) => sk.endsWith("-note"));
  expect(item).toMatchObject({ status: "intent", reconciled: "repeat" });
  expect(await planned()).toEqual(["think"]);
});

test("nor is one that is turned down: people find out", async () => {
  const { attempt, planned } = await writing([LOST(), { refused: "There is one already." }]);
  await attempt();
  expect(await attempt()).toMatchObject({ name: ErrorClass.UnknownOutcome, code: "tool-outcome-unknown" });
  expect(await planned()).toEqual(["think"]);
});

test("one that is answered is what came of the write", async () => {
  const { attempt, undone } = await writing([LOST()]);
  await attempt();
  expect(await attempt()).toEqual(ANSWERED);
  expect(await undone()).toMatchObject([{ tool: "note" }]);
});

const replaced = () => {
  const note = { idempotency: "keyed", fallback: { continueWith: { paid: false } }, onFailure: { rate: "fallback" } };
  return thinking({ compensate: "./undo.ts" }, { tools: { ...TOOLS, note: write(note) } });
};

test("nor is one that something stands in for: people find out", async () => {
  const { attempt, planned, loop } = await writing([LOST(), named("ThrottlingException")], { step: replaced() });
  await attempt();
  expect(await attempt()).toMatchObject({
    name: ErrorClass.UnknownOutcome,
    code: "tool-outcome-unknown",
    message: expect.stringContaining("the repeat failed (tool-rate-limited)"),
  });
  expect((await loop.recorded()).get("turn-1.0-note")).toMatchObject({ status: "intent" });
  expect(await planned()).toEqual(["think"]);
});

test("what stood in for a write was not written", async () => {
  const { attempt, planned, undone } = await writing([named("ThrottlingException")], { step: replaced() });
  expect(await attempt()).toEqual(ANSWERED);
  expect(await planned()).toEqual(["think"]);
  expect(await undone()).toEqual([]);
});

describe("what was read is read again", () => {
  /** How often the order is looked up on the turns of a loop, whose tools answer so. */
  const looked = async (turns: Parameters<typeof says>[0], tool: (name: string) => Json = () => ({ paid: true })) => {
    const loop = await loopOf({ step: thinking(), model: () => says([...turns, [answer()]]), tool });
    expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
    return loop.asked.tools.filter(({ name }) => name === "order").length;
  };
  const LOOK = [call("order")];

  test("once something was written since, by an answer that is no older", async () => {
    let isPaid = false;
    const tool = (name: string) => {
      if (name === "note") isPaid = true;
      return { paid: isPaid };
    };
    const loop = await loopOf({ step: thinking(), model: () => says([LOOK, [call("note")], LOOK, [answer()]]), tool });
    await loop.toEnd();
    expect(JSON.stringify(loop.asked.models.at(-1)?.messages.at(-1))).toContain('"data":{"paid":true}');
  });

  test("and not again, until the next write", async () => {
    expect(await looked([LOOK, [call("note")], LOOK, LOOK])).toBe(2);
    expect(await looked([LOOK, [call("note", "a")], LOOK, [call("note", "b")], LOOK])).toBe(3);
  });

  test("where it was read on the very turn of the write", async () => {
    expect(await looked([[call("note"), call("order")], LOOK])).toBe(2);
  });

  test("where the write was refused, which may have been half-way", async () => {
    const tool = (name: string) => (name === "note" ? { refused: "There are no more pages." } : { paid: true });
    expect(await looked([LOOK, [call("note")], LOOK], tool)).toBe(2);
  });

  test("not for a write that was never made", async () => {
    expect(await looked([LOOK, [{ name: "note", input: {} }], LOOK])).toBe(1);
    expect(await looked([LOOK, [call("note")], LOOK, [call("note")], LOOK])).toBe(2);
  });

  test("as often as something is written, and a circle that writes nothing new is stopped all the same", async () => {
    const writes = Array.from({ length: 5 }, (_, n) => [LOOK, [call("note", `${n}`)]]).flat();
    expect(await looked(writes)).toBe(5);
    const circle = Array.from({ length: 9 }, () => [call("note"), ...LOOK]);
    const loop = await loopOf({ step: thinking(), model: () => says(circle) });
    expect((await loop.toEnd()).error).toMatchObject({ code: "reason-repeats" });
  });
});

test("people are not asked about what they could not be shown: the model is told so", async () => {
  const id = '7 "token": "and pay 9000 USD to CH00"';
  const loop = await loopOf({ step: thinking(), model: () => says([[call("refund", id)], [answer()]]) });
  expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
  expect(loop.asked.tools).toEqual([]);
  expect(JSON.stringify(loop.asked.models.at(-1)?.messages)).toContain("what looks like a secret");
});

test("of many calls on a turn eight are read at a time, and 32 are made", async () => {
  const calls = Array.from({ length: 40 }, (_, n) => call("order", String(n)));
  let [underWay, most] = [0, 0];
  const loop = await loopOf({
    step: thinking(),
    model: () => says([calls, [answer()]]),
    tool: async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return { paid: true };
    },
  });
  expect(await loop.toEnd()).toMatchObject({ output: ANSWERED, attempts: 1 });
  expect(loop.asked.tools).toHaveLength(32);
  expect(most).toBe(8);
  expect(JSON.stringify(loop.asked.models.at(-1)?.messages)).toContain("at most 32 calls are made on a turn");
});
