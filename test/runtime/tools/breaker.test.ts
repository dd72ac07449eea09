import { MemoryLevel } from "memory-level";
import { describe, expect, test, vi } from "vitest";
import { breakerKey, ErrorClass, HoldfastError, toolKey } from "../../../lib/contract/index.ts";
import { EmbeddedRunStore, systemChance } from "../../../lib/local/index.ts";
import { type RunStore, ToolFailed, ToolStatus } from "../../../lib/ports/index.ts";
import { testClock } from "../../fakes/ports.ts";
import { wrappedStore } from "../../fakes/wrapped-store.ts";
import { everyStore, resolvers } from "../steps.ts";
import { call, gatewayOf, scripted, thrownBy } from "./gateways.ts";

const OPEN = `${ErrorClass.Throttled} tool-breaker-open`;
const GONE = `${ErrorClass.Transient} tool-unreachable`;
const BREAKER = { failures: 3, within: "1m", halfOpenAfter: "30s" };

/** `held`: it answers once it is let go. */
type State = "well" | "gone" | "held";

let agents = 0;

/** Processes that share a store and a clock, and a tool in one state or another. */
function fleet(store: RunStore, more: Readonly<Record<string, unknown>> = {}) {
  agents += 1;
  const agent = `desk-${agents}`;
  const clock = testClock();
  const held = resolvers<unknown>();
  let state: State = "well";
  const { requests, transport } = scripted(() => {
    if (state === "gone") throw new ToolFailed("unreachable", "Gone.");
    return state === "held" ? held.promise : { paid: true };
  });
  return {
    clock,
    requests,
    item: () => store.get({ pk: breakerKey(agent), sk: toolKey("order") }),
    become: (next: State) => {
      state = next;
    },
    letGo: () => held.resolve({ paid: true }),
    /** How a call by a process of its own goes. */
    process: () => {
      const ports = { store, clock, chance: systemChance() };
      const gateway = gatewayOf(ports, { order: [{ breaker: BREAKER, ...more }, transport] }, agent);
      return async () => (await thrownBy(call(gateway, "order"))).replace("nothing", "well");
    },
  };
}

const stores = await everyStore();

describe.each(stores)("the breaker of a tool, in %s", (_, store) => {
  test("opens for all processes by the failures of all", async () => {
    const { process, become, requests } = fleet(store());
    const [one, two, three] = [process(), process(), process()];
    become("gone");
    expect([await one(), await two(), await one()]).toEqual([GONE, GONE, GONE]);
    expect([await one(), await three()]).toEqual([OPEN, OPEN]);
    expect(requests).toHaveLength(3);
  });

  test("counts failures that come at the same time, each once", async () => {
    const { process, become, item } = fleet(store());
    become("gone");
    expect(await Promise.all([process()(), process()()])).toEqual([GONE, GONE]);
    expect(await item()).toMatchObject({ status: "closed", failures: 2 });
    expect(await process()()).toBe(GONE);
    expect(await process()()).toBe(OPEN);
  });

  test("half-opens for one call of one process, and closes for all once that goes well", async () => {
    const { process, become, letGo, clock, requests } = fleet(store());
    const all = Array.from({ length: 6 }, process);
    become("gone");
    for (const each of all.slice(0, 3)) await each();
    become("held");
    clock.advance(29_000);
    expect(await process()()).toBe(OPEN);
    clock.advance(1_000);
    const answers: string[] = [];
    const made = all.map((each) => each().then((answer) => answers.push(answer)));
    await vi.waitFor(() => expect(answers).toHaveLength(5));
    expect(answers).toEqual(Array(5).fill(OPEN));
    expect(requests).toHaveLength(4);
    letGo();
    await Promise.all(made);
    expect(answers[5]).toBe("well");
    clock.advance(1_000);
    expect(await Promise.all(all.map((each) => each()))).toEqual(Array(6).fill("well"));
  });

  test("stays open where the probe fails, and asks again only later", async () => {
    const { process, become, clock, requests } = fleet(store());
    const [one, two] = [process(), process()];
    become("gone");
    for (const each of [one, two, one]) await each();
    clock.advance(30_000);
    expect(await two()).toBe(GONE);
    clock.advance(29_000);
    expect([await one(), await two()]).toEqual([OPEN, OPEN]);
    clock.advance(1_000);
    expect(await one()).toBe(GONE);
    expect(requests).toHaveLength(5);
  });

  test("lets another probe through where the process that had it died", async () => {
    const { process, become, clock, requests } = fleet(store());
    const one = process();
    become("gone");
    for (let failures = 0; failures < 3; failures += 1) await one();
    become("held");
    clock.advance(30_000);
    void one();
    await vi.waitFor(() => expect(requests).toHaveLength(4));
    become("well");
    expect(await process()()).toBe(OPEN);
    clock.advance(10_000);
    expect(await process()()).toBe("well");
  });
});

describe("the breaker of a tool", () => {
  const memory = () => new EmbeddedRunStore(new MemoryLevel<string, string>());

  test("counts failures since the last success, and of the time declared", async () => {
    const { process, become, clock, item } = fleet(memory());
    const one = process();
    for (const state of ["gone", "gone", "well", "gone", "gone"] as const) {
      become(state);
      await one();
    }
    expect(await item()).toMatchObject({ status: "closed", failures: 2 });
    clock.advance(60_000);
    become("gone");
    await one();
    expect(await item()).toMatchObject({ status: "closed", failures: 1 });
  });

  test("costs calls that go well one read a second, and no write", async () => {
    const store = memory();
    const done: string[] = [];
    const counting = wrappedStore(store, {
      get: (key) => {
        done.push("read");
        return store.get(key);
      },
      put: (item, condition) => {
        done.push("write");
        return store.put(item, condition);
      },
    });
    const { process, clock } = fleet(counting);
    const one = process();
    for (let calls = 0; calls < 20; calls += 1) {
      await one();
      clock.advance(100);
    }
    expect(done).toEqual(["read", "read"]);
  });

  test("neither keeps calls back nor fails them where the store does", async () => {
    const broken = async () => {
      throw new Error("no store");
    };
    const { process, become } = fleet(wrappedStore(memory(), { get: broken, put: broken }));
    const one = process();
    expect(await one()).toBe("well");
    become("gone");
    for (let failures = 0; failures < 5; failures += 1) expect(await one()).toBe(GONE);
  });

  test("says when to come back, and reacts as to the failure that opened it", async () => {
    const ports = { store: memory(), clock: testClock(), chance: systemChance() };
    const transport = scripted((_request, count) => {
      throw count === 1 ? new ToolFailed("unreachable", "Gone.") : new ToolStatus(401, new Headers(), "");
    }).transport;
    const once = { failures: 1, halfOpenAfter: "30s" };
    const until = `left alone until ${new Date(ports.clock.now() + 30_000).toISOString()}.`;
    const told = { breaker: once, onFailure: { timeout: "tell" } };
    const gateway = gatewayOf(ports, { order: [told, transport], patient: [{ breaker: once }, transport] });
    await call(gateway, "order");
    expect(await call(gateway, "order")).toMatchObject({
      ok: false,
      failure: { domain: "timeout", code: "tool-breaker-open", message: expect.stringContaining(until) },
    });
    await thrownBy(call(gateway, "patient"));
    await expect(call(gateway, "patient")).rejects.toMatchObject({ name: ErrorClass.Denied, retryAfterSeconds: 30 });
  });

  test("asks a tool by its probe first, and makes the call once that went well", async () => {
    const { process, become, clock, requests } = fleet(memory(), { health: { probe: { id: "probe" } } });
    const one = process();
    become("gone");
    for (let failures = 0; failures < 3; failures += 1) await one();
    clock.advance(30_000);
    expect(await one()).toBe(OPEN);
    become("well");
    clock.advance(30_000);
    expect(await one()).toBe("well");
    expect(requests.map(({ input }) => input).slice(3)).toEqual([{ id: "probe" }, { id: "probe" }, { id: "7" }]);
  });

  const once = { breaker: { failures: 1, halfOpenAfter: "30s" } };
  const OF_INPUT: readonly (readonly [string, () => unknown])[] = [
    ["is forbidden to whom it is about", () => new ToolStatus(403, new Headers(), "")],
    ["a function of the step denies", () => new HoldfastError(ErrorClass.Denied, "not-theirs", "Not theirs.")],
    ["is larger than what is taken", () => new ToolFailed("outputTooLarge", "Too large.")],
  ];

  test.each(OF_INPUT)("is not opened by what %s: others may ask for something else", async (_, error) => {
    const own = { store: memory(), clock: testClock(), chance: systemChance() };
    const { transport } = scripted((_request, count) => {
      if (count <= 2) throw error();
      return { paid: true };
    });
    const gateway = gatewayOf(own, { order: [once, transport] });
    for (let calls = 0; calls < 2; calls += 1) await thrownBy(call(gateway, "order"));
    expect(await call(gateway, "order")).toMatchObject({ ok: true });
  });

  test.each([
    ...OF_INPUT,
    ["makes a function ask for help", () => new HoldfastError(ErrorClass.NeedsHuman, "asked", "Who is it?")] as const,
  ])("closes once its next call gets an answer, be it one that %s", async (_, error) => {
    const own = { store: memory(), clock: testClock(), chance: systemChance() };
    const { transport } = scripted((_request, count) => {
      if (count === 1) throw new ToolFailed("unreachable", "Gone.");
      if (count === 2) throw error();
      return { paid: true };
    });
    const gateway = gatewayOf(own, { order: [once, transport] });
    await thrownBy(call(gateway, "order"));
    own.clock.advance(30_000);
    await thrownBy(call(gateway, "order"));
    expect(await call(gateway, "order")).toMatchObject({ ok: true });
  });

  test.each(OF_INPUT)("is no more kept closed by what %s", async (_, error) => {
    const own = { store: memory(), clock: testClock(), chance: systemChance() };
    const { transport } = scripted((_request, count) => {
      throw count === 2 ? error() : new ToolFailed("unreachable", "Gone.");
    });
    const gateway = gatewayOf(own, { order: [{ breaker: { failures: 2, halfOpenAfter: "30s" } }, transport] });
    for (let calls = 0; calls < 3; calls += 1) await thrownBy(call(gateway, "order"));
    expect(await thrownBy(call(gateway, "order"))).toBe(OPEN);
  });

  test("is opened by a probe that is forbidden what it is declared with", async () => {
    const own = { store: memory(), clock: testClock(), chance: systemChance() };
    const { transport } = scripted((_request, count) => {
      if (count === 1) throw new ToolFailed("unreachable", "Gone.");
      throw new ToolStatus(403, new Headers(), "");
    });
    const gateway = gatewayOf(own, { order: [{ ...once, health: { probe: { id: "probe" } } }, transport] });
    await thrownBy(call(gateway, "order"));
    own.clock.advance(30_000);
    expect(await thrownBy(call(gateway, "order"))).toBe(`${ErrorClass.Denied} tool-breaker-open`);
    own.clock.advance(29_000);
    expect(await own.store.get({ pk: breakerKey("desk"), sk: toolKey("order") })).toMatchObject({ status: "open" });
  });

  test("is not opened by what says nothing of the tool", async () => {
    const { process, item } = fleet(memory(), { input: { type: "object", properties: { id: { type: "number" } } } });
    for (let calls = 0; calls < 5; calls += 1) await process()();
    expect(await item()).toBeUndefined();
  });
});
