import { describe, expect, test } from "vitest";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, says, thinking } from "./thinking.ts";

/** What a loop writes, in order, attempt by attempt. */
async function writesOf(budget: { readonly usd?: number; readonly tokens?: number }) {
  const attempts: string[][] = [];
  const loop = await loopOf({
    step: thinking(),
    model: () => says([[call("order"), call("stock")], [call("note")], [call("refund")], [answer()]]),
    budget,
    lineOf: () => {
      const writes: string[] = [];
      attempts.push(writes);
      return (what, act) => {
        if (/^(put|update) /.test(what)) writes.push(what.replace(/ACTION#think#1#/, ""));
        return act();
      };
    },
  });
  expect(await loop.toEnd()).toEqual({ output: ANSWERED, attempts: 2 });
  return attempts;
}

describe("what a loop writes", async () => {
  const [first = [], second = []] = await writesOf({ usd: 1, tokens: 100_000 });
  const all = [...first, ...second];
  const count = (pattern: RegExp, writes: readonly string[] = all) =>
    writes.filter((write) => pattern.test(write)).length;

  test.each([
    ["for a model call", /^put turn-1 /, 1],
    ["for a tool that reads", /^put turn-1\.0-order /, 1],
    ["for a tool that writes, its intent and its result", /^put turn-2\.0-note /, 2],
    ["for a write that people approve, the same", /^put turn-3\.0-refund /, 2],
    ["and once what they are asked", /^put turn-3\.0-refund:asked /, 1],
  ])("%s", (_, pattern, writes) => {
    expect(count(pattern)).toBe(writes);
  });

  test("holds the budget once for each model call, settles what went before with it, and the last with the attempt", () => {
    const updates = (writes: readonly string[]) => count(/^update RUN$/, writes);
    expect([updates(first), updates(second)]).toEqual([3 + 1, 1 + 1]);
  });

  test("is that, and of each attempt its lease, its end and why it ended", () => {
    const ofAttempt = (writes: readonly string[]) => writes.filter((write) => /STEP#|FAILURE#/.test(write)).length;
    expect(first).toHaveLength(4 + 3 + 2 + 2 + 1 + ofAttempt(first));
    expect(ofAttempt(first)).toBe(3);
  });

  test("is not written again by a later attempt, which does the rest", () => {
    expect(second).toEqual([
      // The lease is there already: it is asked for, and then taken over.
      "put STEP#think#1 leased",
      "put STEP#think#1 leased",
      "put turn-3.0-refund intent",
      "put turn-3.0-refund done",
      "update RUN",
      "put turn-4 done",
      "update RUN",
      "put STEP#think#1 committed",
    ]);
  });

  test("needs no write for a budget that nobody has set", async () => {
    const free = await writesOf({});
    expect(free.flat().filter((write) => write.startsWith("update RUN"))).toEqual([]);
  });
});
