import { describe, expect, test } from "vitest";
import { ErrorClass, priceOfUsage } from "../../../lib/contract/index.ts";
import { virtualClock } from "../../../lib/local/index.ts";
import type { ModelClient } from "../../../lib/ports/index.ts";
import { ended } from "./endings.ts";
import { type LoopOptions, loopOf } from "./loops.ts";
import { ANSWERED, answer, call, FALLBACK, FIRST, STRONG, says, thinking } from "./thinking.ts";

const asked = ({ loop }: Awaited<ReturnType<typeof ended>>) => loop.asked.models.map(({ model }) => model);
const routed = { first: FIRST, fallback: FALLBACK };
const failing = (fault: "throttle" | "outage" | "timeout", model = FIRST) => ({
  when: { turn: 1, model },
  toolCalls: [call("order", "b")],
  faults: [{ fault, times: 9 }],
});
const three = [[call("order", "a")], [call("order", "b")], [answer()]];

describe("the strong model", () => {
  test("is asked as long as its condition holds", async () => {
    const models = { first: FIRST, strong: { model: STRONG, when: { $eq: [{ $from: "facts.order.paid" }, false] } } };
    const paid = [false, true];
    const run = await ended({ models }, says(three), { tool: () => ({ paid: paid.shift() ?? true }) });
    expect(asked(run)).toEqual([FIRST, STRONG, FIRST]);
  });

  test.each([
    ["turn", { $gte: [{ $from: "turn" }, 2] }],
    ["calls", { $gte: [{ $from: "calls" }, 2] }],
    ["failures", { $gte: [{ $from: "failures" }, 2] }],
  ])("may be asked by the number of %s", async (_, when) => {
    const models = { first: FIRST, strong: { model: STRONG, when } };
    const run = await ended({ models }, says([[call("shell", "a")], [call("shell", "b")], [answer()]]));
    expect(asked(run)).toEqual([FIRST, FIRST, STRONG]);
  });
});

describe("the fallback", () => {
  test.each(["throttle", "outage", "timeout"] as const)(
    "is asked where the other has a %s, for that turn alone",
    async (fault) => {
      const run = await ended({ models: routed }, says(three, [failing(fault)]));
      expect(run).toMatchObject({ output: ANSWERED, attempts: 1 });
      expect(asked(run)).toEqual([FIRST, FALLBACK, FIRST]);
    },
  );

  test("is asked under the key of the same call, and its own price is paid", async () => {
    const run = await ended({ models: routed }, says(three, [failing("throttle")]), { budget: { usd: 1 } });
    const [item] = (await run.loop.actions()).filter(({ sk }) => sk.endsWith("#turn-2"));
    const { usage } = JSON.parse(String(item?.result)).response;
    const prices = thinking({ models: routed }).reason?.models.fallback?.prices ?? { input: 0, output: 0 };
    expect(item?.microUsd).toBe(priceOfUsage(prices, usage));
  });

  test("is not asked where the other is refused: it would be, too, or cost what nobody meant it to", async () => {
    const tried: string[] = [];
    const client: ModelClient = {
      converse: async ({ model }) => {
        tried.push(model);
        throw Object.assign(new Error("No."), { name: "AccessDeniedException" });
      },
    };
    const run = await ended({ models: routed }, client);
    expect(run).toMatchObject({ error: { name: ErrorClass.Denied }, attempts: 1 });
    expect(tried).toEqual([FIRST]);
  });

  test("where both are out of order, the step is tried again, and nothing is asked for twice", async () => {
    const run = await ended({ models: routed }, says(three, [failing("throttle"), failing("outage", FALLBACK)]));
    expect(run).toMatchObject({ output: ANSWERED, attempts: 5, calls: ["order", "order"] });
    expect(new Set(run.loop.asked.models.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(3);
  });

  /** A model that never says anything; it heeds the signal, or does not. */
  const silent = (heeds: boolean): Pick<LoopOptions, "clock" | "model"> => {
    const clock = virtualClock();
    clock.hold();
    const client = says(three);
    return {
      clock,
      model: () => ({
        async converse(request) {
          if (request.model === FALLBACK) return client.converse(request);
          await clock.sleep(Number.POSITIVE_INFINITY, request.signal);
          if (!heeds) await new Promise(() => undefined);
          throw request.signal.reason;
        },
      }),
    };
  };

  test.each([true, false])(
    "is asked after half of the time where the other says nothing (heeding: %s)",
    async (heeds) => {
      const options = silent(heeds);
      const since = options.clock?.now() ?? 0;
      const loop = await loopOf({ step: thinking({ models: routed, timeout: "5m", maxTokens: 1_000 }), ...options });
      expect(await loop.toEnd()).toMatchObject({ output: ANSWERED, attempts: 2 });
      expect((options.clock?.now() ?? 0) - since).toBe(150_000 + 75_000 + 150_000);
      const { response, cost } = JSON.parse(String((await loop.recorded()).get("turn-1")?.result));
      expect(cost.tokens).toBeGreaterThan(response.usage.inputTokens + response.usage.outputTokens + 1_000);
    },
  );
});
