import { describe, expect, it } from "vitest";
import { ErrorClass, HoldfastError, type Json, runKey } from "../../lib/contract/index.ts";
import type { RunStore, WriteResult } from "../../lib/ports/index.ts";
import { type AttemptContext, type AttemptHandler, openRun, runStep, runUndo } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";
import { wrappedStore } from "../fakes/wrapped-store.ts";
import { counted, eventOf, everyStore, resolvers, step } from "./steps.ts";

const STORES = await everyStore();
const anything = step({ output: {} });
const looking = step({ effect: "read", output: {} });

const dies = () => {
  throw new HoldfastError(ErrorClass.Transient, "died", "the attempt ends here");
};
const acts =
  (body: (act: (name: string) => Promise<Json>, context: AttemptContext) => Promise<unknown>): AttemptHandler =>
  async (_input, context) => {
    await body((name) => context.action(name, async () => name), context);
    return null;
  };

/** Every write is sent twice, and the second answer counts: as an SDK does that has lost the first. */
function doubling(store: RunStore): RunStore {
  const twice = async (send: () => Promise<WriteResult>) => {
    await send();
    return send();
  };
  return wrappedStore(store, {
    put: (item, condition) => twice(() => store.put(item, condition)),
    update: (key, change, condition) => twice(() => store.update(key, change, condition)),
  });
}

describe.each(STORES)("on %s", (_, openStore) => {
  describe("the order of actions", () => {
    const diverged = { name: ErrorClass.Permanent, code: "actions-diverged" };
    const afterwards = async (definition: typeof anything, first: AttemptHandler, second: AttemptHandler) => {
      const ports = testPorts(openStore());
      const event = eventOf();
      await expect(runStep(ports, definition, first, event)).rejects.toMatchObject({ code: "died" });
      return runStep(ports, definition, second, { ...event, attempt: 2 });
    };

    it.each([anything, looking])("must be that of the earlier attempt ($effect)", async (definition) => {
      const first = acts(async (act) => {
        await act("a");
        await act("b");
        dies();
      });
      const other = acts(async (act) => {
        await act("b");
        await act("a");
      });
      await expect(afterwards(definition, first, other)).rejects.toMatchObject({
        ...diverged,
        message: expect.stringContaining("action b was number 2 and is number 1 now"),
      });
      const renamed = acts(async (act) => act("c"));
      await expect(afterwards(definition, first, renamed)).rejects.toMatchObject({
        ...diverged,
        message: expect.stringContaining("action number 1 was a and is c now"),
      });
      const fewer = acts(async (act) => act("a"));
      await expect(afterwards(definition, first, fewer)).rejects.toMatchObject({
        ...diverged,
        message: expect.stringContaining("b was performed by an earlier attempt and is left out now"),
      });
      expect(
        await afterwards(
          definition,
          first,
          acts(async (act) => [await act("a"), await act("b"), await act("c")]),
        ),
      ).toEqual({ output: null });
    });

    it("may differ where actions overlap", async () => {
      const first = acts(async (act) => {
        const slow = resolvers<void>();
        await Promise.all([
          act("a").then(() => slow.promise),
          act("b")
            .then(() => act("b2"))
            .then(() => slow.resolve()),
        ]);
        await act("a2");
        dies();
      });
      const second = acts(async (act) => {
        await Promise.all([act("a").then(() => act("a2")), act("b").then(() => act("b2"))]);
      });
      expect(await afterwards(anything, first, second)).toEqual({ output: null });
    });

    it("may differ after an action that failed, for those that changed nothing", async () => {
      const primary = (fails: boolean): AttemptHandler =>
        acts(async (act, { action }) => {
          const failing = action("primary", async () => (fails ? dies() : 1));
          await failing.catch(() => act("fallback"));
          if (fails) dies();
          await act("last");
        });
      expect(await afterwards(looking, primary(true), primary(false))).toEqual({ output: null });
      const reconciled = acts(async (_act, { action }) => {
        await action("primary", async () => 1, { reconcile: async () => ({ outcome: "absent" }) });
      });
      await expect(afterwards(anything, primary(true), reconciled)).rejects.toMatchObject(diverged);
    });
  });

  describe("a result too large for an item", () => {
    const large = "é".repeat(150_000);

    it("is kept as a blob, and comes back from there", async () => {
      const ports = testPorts(openStore());
      const event = eventOf();
      let calls = 0;
      const handler =
        (fails: boolean): AttemptHandler =>
        async (_input, { action }) => {
          const text = await action("read", async () => {
            calls += 1;
            return large;
          });
          if (fails) dies();
          return text.length;
        };
      await expect(runStep(ports, anything, handler(true), event)).rejects.toMatchObject({ code: "died" });
      expect([...ports.blobs.objects.keys()]).toEqual([
        expect.stringMatching(new RegExp(`^mem:claims/desk/${event.runId}/[0-9a-f-]{36}\\.json$`)),
      ]);
      expect(await runStep(ports, anything, handler(false), { ...event, attempt: 2 })).toEqual({
        output: large.length,
      });
      expect(calls).toBe(1);
      const [item] = await ports.store.query(runKey(event.runId), "ACTION#");
      expect(JSON.stringify(item).length).toBeLessThan(1_000);
    });

    it("is kept so for the undo of a step, too", async () => {
      const ports = testPorts(openStore());
      const event = eventOf({ input: { text: large.slice(0, 60_000) } });
      const undoable = step({ output: {}, undoable: true });
      await runStep(ports, undoable, async () => large.slice(0, 60_000), event);
      const seen: Json[] = [];
      const { input, ...undo } = event;
      await runUndo(ports, undoable, async (undone) => Number(seen.push({ ...undone })), undo);
      expect(seen).toEqual([{ input, output: large.slice(0, 60_000) }]);
    });

    it("fails the step where it would have to travel on", async () => {
      const ports = testPorts(openStore());
      await expect(runStep(ports, anything, async () => large, eventOf())).rejects.toMatchObject({
        name: ErrorClass.Permanent,
        code: "output-too-large",
      });
    });
  });

  it("a write whose answer is lost and that is sent again counts as one's own", async () => {
    const ports = testPorts(openStore());
    const doubled = { ...ports, store: doubling(ports.store) };
    const event = eventOf({ final: true });
    await openRun(doubled, event.runId, {}, { budget: { tokens: 10 } });
    const effects: string[] = [];
    const handler: AttemptHandler = async (_input, { action }) => {
      await action("pay", async () => effects.push("pay"), { cost: { tokens: 4 } });
      return { paid: 1 };
    };
    expect(await runStep(doubled, step(), handler, event)).toEqual({ output: { paid: 1 } });
    expect(effects).toEqual(["pay"]);
    expect(await ports.store.get({ pk: runKey(event.runId), sk: "RUN" })).toMatchObject({
      status: "completed",
      tokensLeft: 6,
    });
    const read = { ...eventOf(), path: "look" };
    expect(
      await runStep(
        doubled,
        looking,
        acts(async (act) => act("a")),
        read,
      ),
    ).toEqual({ output: null });
  });

  describe("a zombie", () => {
    it("overwrites nothing that was settled since, and learns that it is over", async () => {
      const ports = testPorts(openStore());
      const event = eventOf();
      const answer = resolvers<number>();
      const begun = resolvers<boolean>();
      const paying: AttemptHandler = (_input, { action }) =>
        action("pay", () => {
          begun.resolve(true);
          return answer.promise;
        });
      const zombie = runStep(ports, anything, paying, event).catch((error) => error.name);
      const intents = () => ports.store.query(runKey(event.runId), "ACTION#");
      // An intent may be in the store before the attempt that wrote it knows: from then on it could still be refused.
      await begun.promise;
      expect(await intents()).toHaveLength(1);
      ports.clock.advance(66_000);
      const reconciling: AttemptHandler = (_input, { action }) =>
        action("pay", async () => 0, { reconcile: async () => ({ outcome: "done", result: 7 }) });
      expect(await runStep(ports, anything, reconciling, { ...event, attempt: 2 })).toEqual({ output: 7 });
      answer.resolve(8);
      expect(await zombie).toBe(ErrorClass.StepBusy);
      expect(await intents()).toMatchObject([{ status: "done", result: "7" }]);
    });

    it("begins no action after its time, even if nobody told it", async () => {
      const ports = testPorts(openStore());
      const { calls, run } = counted({ paid: 1 });
      const late: AttemptHandler = async (input, context) => {
        ports.clock.advance(61_000);
        return context.action("pay", async () => run(input, context));
      };
      await expect(runStep(ports, step(), late, eventOf())).rejects.toMatchObject({ code: "attempt-over" });
      expect(calls).toEqual([]);
    });
  });

  it("a throttled store does not make a performed write look refused", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const throttled = (): Promise<WriteResult> =>
      Promise.reject(Object.assign(new Error("slow down"), { name: "ThrottlingException" }));
    const refusing = wrappedStore(ports.store, {
      put: (item, condition) => (item.status === "done" ? throttled() : ports.store.put(item, condition)),
    });
    const { calls, run } = counted({ paid: 1 });
    const handler: AttemptHandler = (input, context) => context.action("pay", async () => run(input, context));
    const first = runStep({ ...ports, store: refusing }, step(), handler, event);
    await expect(first).rejects.toMatchObject({ name: ErrorClass.Throttled });
    await expect(runStep(ports, step(), handler, { ...event, attempt: 2 })).rejects.toMatchObject({
      name: ErrorClass.UnknownOutcome,
    });
    expect(calls).toHaveLength(1);
  });

  it.each([
    [1, "says that nothing happened", "completed"],
    [2, "says nothing, if the client had asked before by itself", ErrorClass.UnknownOutcome],
  ])("a throttled answer to request %i of a write %s", async (attempts, _says, outcome) => {
    const ports = testPorts(openStore());
    const event = eventOf();
    let calls = 0;
    const handler: AttemptHandler = async (_input, { action }) => {
      await action("pay", async () => {
        calls += 1;
        if (calls > 1) return 1;
        throw Object.assign(new Error("slow down"), { name: "ThrottlingException", $metadata: { attempts } });
      });
      return { paid: 1 };
    };
    await expect(runStep(ports, step(), handler, event)).rejects.toMatchObject({ name: ErrorClass.Throttled });
    const again = await runStep(ports, step(), handler, { ...event, attempt: 2 }).then(
      () => "completed",
      (error) => error.name,
    );
    expect(again).toBe(outcome);
  });

  it("a throttled answer to a second request proves nothing, whoever wraps it", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const cause = Object.assign(new Error("slow down"), { name: "ThrottlingException", $metadata: { attempts: 2 } });
    const { calls, run } = counted({ paid: 1 });
    const wrapping: AttemptHandler = (_input, { action }) =>
      action("pay", async () => {
        throw new HoldfastError(ErrorClass.Throttled, "busy", "later", { cause });
      });
    await expect(runStep(ports, step(), wrapping, event)).rejects.toMatchObject({ name: ErrorClass.Throttled });
    const again: AttemptHandler = (input, context) => context.action("pay", async () => run(input, context));
    await expect(runStep(ports, step(), again, { ...event, attempt: 2 })).rejects.toMatchObject({
      name: ErrorClass.UnknownOutcome,
    });
    expect(calls).toEqual([]);
  });

  it("an answer that names a time to come back is not asked before, within the time of the step", async () => {
    const ports = testPorts(openStore());
    const waits: number[] = [];
    const now = ports.clock.now();
    const clock = {
      now: () => now,
      at: (time: number, wake: () => void) => {
        if (time < now + 60_000) {
          waits.push(time - now);
          wake();
        }
        return () => undefined;
      },
    };
    const busyApi: AttemptHandler = () => {
      throw Object.assign(new Error("later"), { status: 429, headers: { "retry-after": "7" } });
    };
    await expect(runStep({ ...ports, clock }, looking, busyApi, eventOf())).rejects.toMatchObject({
      name: ErrorClass.Throttled,
    });
    expect(waits).toEqual([7_000]);
  });

  it("a step's own rules classify its errors", async () => {
    const ports = testPorts(openStore());
    const rules = step({ effect: "read", errors: [{ when: { code: "E42" }, as: ErrorClass.NeedsHuman }] });
    const failing: AttemptHandler = () => {
      throw Object.assign(new Error("what now"), { code: "E42" });
    };
    await expect(runStep(ports, rules, failing, eventOf())).rejects.toMatchObject({ name: ErrorClass.NeedsHuman });
  });
});
