import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorClass, HoldfastError, type Json, Ledger, RUN, runKey } from "../../lib/contract/index.ts";
import type { RunStore, WriteResult } from "../../lib/ports/index.ts";
import {
  type AttemptHandler,
  type Cost,
  decide,
  openEscalation,
  openRun,
  readEscalation,
  runStep,
} from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";
import { wrappedStore } from "../fakes/wrapped-store.ts";
import { eventOf, everyStore, step } from "./steps.ts";

const STORES = await everyStore();
const think = step({ name: "think", effect: "read", output: {} });

/** A handler that performs one action for each cost, one after the other. */
const spends =
  (costs: readonly (Cost & { readonly actual?: Cost })[], before: () => void = () => undefined): AttemptHandler =>
  async (_input, { action }) => {
    for (const [index, { actual, ...cost }] of costs.entries()) {
      await action(
        `call-${index}`,
        async () => {
          before();
          return index;
        },
        { cost, ...(actual === undefined ? {} : { actualCost: () => actual }) },
      );
    }
    return null;
  };

const keyOf = (runId: string) => ({ pk: runKey(runId), sk: RUN });
const refused = { name: ErrorClass.BudgetExceeded, code: "budget-exceeded" };

describe.each(STORES)("a budget on %s", (_, openStore) => {
  const opened = async (budget: { tokens?: number; usd?: number }, above: string[] = []) => {
    const ports = testPorts(openStore());
    const event = eventOf({ path: "think" });
    await openRun(ports, event.runId, {}, { budget, above });
    const left = async (runId = event.runId) => {
      const run = await ports.store.get(keyOf(runId));
      return { tokens: run?.[Ledger.tokensLeft], microUsd: run?.[Ledger.microUsdLeft] };
    };
    return { ports, event, left };
  };

  it("is held before an action and settled after it", async () => {
    const { ports, event, left } = await opened({ tokens: 100, usd: 1 });
    const during: unknown[] = [];
    const handler: AttemptHandler = async (_input, { action }) => {
      const cost = { tokens: 60, usd: 0.5 };
      const perform = async () => {
        during.push(await left());
        return 1;
      };
      await action("call", perform, { cost, actualCost: () => ({ tokens: 10, usd: 0.07 }) });
      return null;
    };
    await runStep(ports, think, handler, event);
    expect(during).toEqual([{ tokens: 40, microUsd: 500_000 }]);
    expect(await left()).toEqual({ tokens: 90, microUsd: 930_000 });
    expect(await ports.store.get(keyOf(event.runId))).toMatchObject({
      [Ledger.tokensSpent]: 10,
      [Ledger.microUsdSpent]: 70_000,
    });
    const [checkpoint] = await ports.store.query(runKey(event.runId), "STEP#");
    expect(checkpoint).toMatchObject({ tokens: 10, microUsd: 70_000 });
  });

  it("refuses what it may not cover, before it is performed", async () => {
    const { ports, event, left } = await opened({ tokens: 100 });
    let calls = 0;
    const handler = spends([{ tokens: 60 }, { tokens: 60 }], () => {
      calls += 1;
    });
    await expect(runStep(ports, think, handler, event)).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining("60 tokens, of which 40 tokens are left"),
    });
    expect(calls).toBe(1);
    expect(await left()).toEqual({ tokens: 40, microUsd: undefined });
  });

  it("lets an action of a write step be refused without an intent, so that it can be tried again", async () => {
    const { ports, event } = await opened({ usd: 0.1 });
    const pay = step({ output: {} });
    const handler = spends([{ usd: 0.2 }]);
    await expect(runStep(ports, pay, handler, event)).rejects.toMatchObject(refused);
    await ports.store.update(keyOf(event.runId), { add: { [Ledger.microUsdLeft]: 200_000 } }, { kind: "matches" });
    expect(await runStep(ports, pay, handler, { ...event, attempt: 2 })).toEqual({ output: null });
  });

  it("does not count an action again whose result is recorded, nor one that surely did not happen", async () => {
    const { ports, event, left } = await opened({ tokens: 100 });
    let attempt = 0;
    const handler: AttemptHandler = async (_input, { action }) => {
      attempt += 1;
      await action("first", async () => 1, { cost: { tokens: 10 } });
      await action(
        "second",
        async () => {
          if (attempt === 1) throw Object.assign(new Error("slow down"), { status: 429 });
          return 2;
        },
        { cost: { tokens: 20 } },
      );
      return null;
    };
    await expect(runStep(ports, think, handler, event)).rejects.toMatchObject({ name: ErrorClass.Throttled });
    expect(await left()).toMatchObject({ tokens: 90 });
    await runStep(ports, think, handler, { ...event, attempt: 2 });
    expect(await left()).toMatchObject({ tokens: 70 });
  });

  it("counts an action as spent that failed without proof, and stops a chain of retries at its cap", async () => {
    const { ports, event, left } = await opened({ tokens: 50 });
    let calls = 0;
    const handler: AttemptHandler = async (_input, { action }) =>
      action(
        "call",
        async () => {
          calls += 1;
          throw Object.assign(new Error("bad gateway"), { status: 502 });
        },
        { cost: { tokens: 20 } },
      );
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await expect(runStep(ports, think, handler, { ...event, attempt })).rejects.toMatchObject({
        name: ErrorClass.Transient,
      });
    }
    await expect(runStep(ports, think, handler, { ...event, attempt: 3 })).rejects.toMatchObject(refused);
    expect(calls).toBe(2);
    expect(await left()).toMatchObject({ tokens: 10 });
  });

  it("counts what a dead attempt held as spent", async () => {
    const { ports, event, left } = await opened({ tokens: 50 });
    const dead: AttemptHandler = (_input, { action }) =>
      action("call", () => new Promise<Json>(() => undefined), { cost: { tokens: 30 } });
    void runStep(ports, think, dead, event);
    await expect.poll(left).toMatchObject({ tokens: 20 });
    await runStep(ports, think, spends([{ tokens: 15 }]), { ...event, attempt: 2 });
    expect(await left()).toMatchObject({ tokens: 5 });
  });

  it("is shared by a subflow's run, which spends of its own and of those above it, or of none", async () => {
    const { ports, event: parent, left } = await opened({ tokens: 100 });
    const child = eventOf({ path: "think" });
    await openRun(ports, child.runId, {}, { budget: { tokens: 1_000 }, above: [parent.runId] });
    await runStep(ports, think, spends([{ tokens: 60 }]), child);
    expect(await left()).toMatchObject({ tokens: 40 });
    expect(await left(child.runId)).toMatchObject({ tokens: 940 });
    const more = runStep(ports, think, spends([{ tokens: 60 }]), { ...child, path: "more" });
    await expect(more).rejects.toMatchObject({ ...refused, message: expect.stringContaining(parent.runId) });
    expect(await left(child.runId)).toMatchObject({ tokens: 940 });
  });

  it("is raised by a person, once, and the step that it stopped goes on", async () => {
    const { ports, event, left } = await opened({ tokens: 10, usd: 1 });
    const people = {
      name: "desk",
      purpose: "Thinks.",
      input: {},
      escalations: {
        desk: {
          tiers: [{ audience: "owners", within: "1m", approvals: 1, cap: 20 }],
          otherwise: "abort" as const,
        },
      },
      steps: {},
      tools: {},
    };
    const now = ports.clock.now();
    const ask = {
      taskToken: "token",
      attempt: 1,
      runId: event.runId,
      ladder: "desk",
      tier: 1,
      openedAt: new Date(now).toISOString(),
      deadline: new Date(now + 60_000).toISOString(),
      incident: {
        kind: "failure" as const,
        step: "think",
        path: "think",
        error: ErrorClass.BudgetExceeded,
        cause: "budget-exceeded: too little",
        decisions: ["retry", "override", "abort"],
      },
    };
    const owner = { id: "owner", groups: [], from: "here" };
    await expect(runStep(ports, think, spends([{ tokens: 30 }]), event)).rejects.toMatchObject(refused);
    await openEscalation(ports, people, { ask });
    const id = String(ports.notices[0]?.id);
    const { digest } = (await readEscalation(ports, id)).escalation;
    const raise = { id, decision: "raise", digest, note: "", raise: { tokens: 25, steps: 2 } };
    await decide(ports, raise, owner);
    await expect(decide(ports, raise, owner)).rejects.toMatchObject({ code: "already-decided" });
    expect(ports.answers).toMatchObject([{ output: { decision: "retry", by: "owner" } }]);
    expect(await left()).toEqual({ tokens: 35, microUsd: 1_000_000 });
    await runStep(ports, think, spends([{ tokens: 30 }]), { ...event, attempt: 1 });
    expect(await left()).toMatchObject({ tokens: 5 });
  });

  it("refuses a raise that says nothing, is negative, or is no raise", async () => {
    const { ports, event } = await opened({ tokens: 10 });
    const asked = { id: `${event.runId}-00000000`, digest: "", note: "" };
    const owner = { id: "owner", groups: [], from: "here" };
    for (const raise of [{}, { tokens: -1 }, { tokens: "1" }, { euro: 5 }]) {
      const given = { ...asked, decision: "raise", raise: raise as { tokens: number } };
      await expect(decide(ports, given, owner)).rejects.toMatchObject({ code: "decision-malformed" });
    }
  });

  it("limits steps by their number and the run by its time, until people raise them", async () => {
    const { ports, event } = await opened({});
    const limited = { ...think, limits: { steps: 3, wallClockSeconds: 60 } };
    const startedAt = new Date(ports.clock.now()).toISOString();
    const attempt = (path: string, number: number) =>
      runStep(ports, limited, spends([]), { ...event, path, number, startedAt });
    await attempt("third", 3);
    await expect(attempt("fourth", 4)).rejects.toMatchObject(refused);
    await ports.store.update(keyOf(event.runId), { add: { [Ledger.stepsRaised]: 1 } }, { kind: "matches" });
    await attempt("fourth", 4);
    ports.clock.advance(61_000);
    await expect(attempt("late", 1)).rejects.toMatchObject(refused);
    expect(await attempt("third", 3)).toEqual({ output: null });
    await ports.store.update(keyOf(event.runId), { add: { [Ledger.secondsRaised]: 10 } }, { kind: "matches" });
    await attempt("late", 1);
  });

  it("keeps the result of an action whose actual cost cannot be read, at the most that it can cost", async () => {
    const { ports, event, left } = await opened({ tokens: 100 });
    const unreadable: AttemptHandler = (_input, { action }) =>
      action("call", async () => 7, {
        cost: { tokens: 30 },
        actualCost: () => {
          throw new TypeError("There is no usage in this answer.");
        },
      });
    expect(await runStep(ports, step({ output: {} }), unreadable, event)).toEqual({ output: 7 });
    expect(await left()).toMatchObject({ tokens: 70 });
  });

  it("spends no more in an attempt that does not know what its budget was told", async () => {
    const { ports, event, left } = await opened({ tokens: 100 });
    let updates = 0;
    const store = wrappedStore(ports.store, {
      update: async (key, change, condition) => {
        const written = await ports.store.update(key, change, condition);
        updates += 1;
        if (updates === 1) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
        return written;
      },
    });
    let calls = 0;
    const stubborn: AttemptHandler = async (_input, { action }) => {
      const call = async () => {
        calls += 1;
        return 1;
      };
      await action("first", call, { cost: { tokens: 60 } }).catch(() => undefined);
      return action("second", call, { cost: { tokens: 10 } });
    };
    await expect(runStep({ ...ports, store }, think, stubborn, event)).rejects.toMatchObject({
      name: ErrorClass.Transient,
    });
    expect(calls).toBe(0);
    expect(await left()).toMatchObject({ tokens: 40 });
  });

  it("costs one write an action and one at the end", async () => {
    const { ports, event } = await opened({ tokens: 100 });
    let updates = 0;
    const store = wrappedStore(ports.store, {
      update: (key, change, condition) => {
        updates += 1;
        return ports.store.update(key, change, condition);
      },
    });
    await runStep({ ...ports, store }, think, spends([{ tokens: 5 }, { tokens: 5 }, { tokens: 5 }]), event);
    expect(updates).toBe(4);
  });
});

/** A store that loses the answers of updates as told, as a network does; the SDK then sends them again. */
function losing(store: RunStore, loses: () => boolean): RunStore {
  const twice = async (send: () => Promise<WriteResult>) => {
    const answer = await send();
    return loses() ? send() : answer;
  };
  return wrappedStore(store, {
    put: (item, condition) => twice(() => store.put(item, condition)),
    update: (key, change, condition) => twice(() => store.update(key, change, condition)),
  });
}

const LIMIT = 100;
const call = fc.record({
  most: fc.integer({ min: 1, max: 40 }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  fails: fc.boolean(),
});
const world = fc.record({
  steps: fc.array(fc.array(call, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
  lost: fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
  waits: fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
});

describe("a budget", () => {
  it("is never exceeded, however attempts, failures and lost answers interleave", { timeout: 300_000 }, async () => {
    const runs = Number(process.env.HOLDFAST_INTERLEAVINGS ?? 1_000);
    await fc.assert(
      fc.asyncProperty(world, async ({ steps, lost, waits }) => {
        const plain = testPorts();
        let at = 0;
        const store = losing(plain.store, () => lost[at++ % lost.length] === true);
        const ports = { ...plain, store };
        const { runId } = eventOf();
        await openRun(plain, runId, {}, { budget: { tokens: LIMIT } });
        let spent = 0;
        let committed = 0;
        const pause = async () => {
          for (let turns = waits[at++ % waits.length] ?? 0; turns > 0; turns -= 1) await new Promise(setImmediate);
        };
        const handlerOf =
          (calls: readonly { most: number; share: number; fails: boolean }[]): AttemptHandler =>
          async (_input, { action, attempt }) => {
            const all = calls.map(({ most, share, fails }, index) =>
              action(
                `call-${index}`,
                async () => {
                  await pause();
                  const actual = Math.floor(most * share);
                  if (fails && attempt === 1) {
                    spent += most;
                    throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
                  }
                  spent += actual;
                  await pause();
                  return actual;
                },
                { cost: { tokens: most }, actualCost: (actual) => ({ tokens: Number(actual) }) },
              ),
            );
            await Promise.all(all);
            return null;
          };
        await Promise.all(
          steps.map(async (calls, index) => {
            for (let attempt = 1; attempt <= 3; attempt += 1) {
              try {
                await runStep(ports, think, handlerOf(calls), eventOf({ runId, path: `think-${index}`, attempt }));
                committed += 1;
                return;
              } catch (error) {
                if (error instanceof HoldfastError && error.name === ErrorClass.BudgetExceeded) return;
              }
            }
          }),
        );
        const run = await plain.store.get(keyOf(runId));
        expect(spent).toBeLessThanOrEqual(LIMIT);
        expect(LIMIT - Number(run?.[Ledger.tokensLeft])).toBeGreaterThanOrEqual(spent);
        if (committed === steps.length) {
          expect(LIMIT - Number(run?.[Ledger.tokensLeft])).toBe(Number(run?.[Ledger.tokensSpent] ?? 0));
        }
      }),
      { numRuns: runs },
    );
  });
});
