import { describe, expect, it, vi } from "vitest";
import { ErrorClass, HoldfastError, type Json, runKey } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import { type AttemptHandler, openRun, planCompensation, runStep, runUndo } from "../../lib/runtime/index.ts";
import { testPorts } from "../fakes/ports.ts";
import { counted, eventOf, everyStore, resolvers, step } from "./steps.ts";

const STORES = await everyStore();

describe.each(STORES)("a step on %s", (_, openStore) => {
  it.each(["none", "read", "write"] as const)(
    "with effect %s runs once: a repeat returns the stored result",
    async (effect) => {
      const ports = testPorts(openStore());
      const event = eventOf();
      const { calls, run } = counted();
      expect(await runStep(ports, step({ effect }), run, event)).toEqual({ output: { paid: 3 } });
      expect(await runStep(ports, step({ effect }), run, { ...event, attempt: 2 })).toEqual({ output: { paid: 3 } });
      expect(calls).toEqual([{ amount: 3 }]);
    },
  );

  it("that writes is busy while another attempt holds the lease", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    let inner: Promise<unknown> = Promise.resolve();
    const { calls, run } = counted();
    await runStep(
      ports,
      step(),
      async () => {
        inner = runStep(ports, step(), run, { ...event, attempt: 2 }).catch((error) => error.name);
        return { paid: (await inner) === ErrorClass.StepBusy ? 1 : 2 };
      },
      event,
    );
    expect(await inner).toBe(ErrorClass.StepBusy);
    expect(calls).toEqual([]);
  });

  it("that writes is taken over once the lease has expired, and the zombie's commit changes nothing", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const zombie = await runStep(
      ports,
      step(),
      async () => {
        ports.clock.advance(66_000);
        expect(await runStep(ports, step(), counted({ paid: 2 }).run, { ...event, attempt: 2 })).toEqual({
          output: { paid: 2 },
        });
        return { paid: 1 };
      },
      event,
    );
    expect(zombie).toEqual({ output: { paid: 2 } });
  });

  it("that writes is taken over at once from an owner known to be dead", async () => {
    const store = openStore();
    const dead = { ...testPorts(store), owner: { id: "dead", isGone: () => false } };
    const event = eventOf();
    const crashed = runStep(dead, step(), () => new Promise<Json>(() => undefined), event);
    void crashed;
    const ports = testPorts(store);
    ports.gone.add("dead");
    await expect.poll(async () => (await store.query(runKey(event.runId), "STEP#")).length).toBe(1);
    expect(await runStep(ports, step(), counted({ paid: 2 }).run, { ...event, attempt: 2 })).toEqual({
      output: { paid: 2 },
    });
  });

  it("that failed gives its lease up, so that the next attempt need not wait", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const failing = counted(() => {
      throw new HoldfastError(ErrorClass.Transient, "flaky", "try again");
    });
    await expect(runStep(ports, step(), failing.run, event)).rejects.toMatchObject({
      name: ErrorClass.Transient,
      code: "flaky",
    });
    expect(await runStep(ports, step(), counted().run, { ...event, attempt: 2 })).toEqual({ output: { paid: 3 } });
  });

  it("whose output breaks its schema fails as InvalidOutput and commits nothing", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    await expect(runStep(ports, step(), counted({ paid: "three" }).run, event)).rejects.toMatchObject({
      name: ErrorClass.InvalidOutput,
      code: "invalid-output",
      message: expect.stringContaining("paid"),
    });
    expect(await runStep(ports, step(), counted().run, { ...event, attempt: 2 })).toEqual({ output: { paid: 3 } });
  });

  it("that ends the run closes it, once", async () => {
    const ports = testPorts(openStore());
    const event = eventOf({ final: true });
    await openRun(ports, event.runId, {}, { budget: {} });
    await runStep(ports, step({ effect: "none" }), counted().run, event);
    await runStep(ports, step({ effect: "none" }), counted().run, event);
    expect(await ports.store.get({ pk: runKey(event.runId), sk: "RUN" })).toMatchObject({
      status: "completed",
      open: false,
    });
  });

  it("performs an action once, however often the step is attempted", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    let performed = 0;
    const run =
      (fails: boolean): AttemptHandler =>
      async (_input, { action }) => {
        const amount = await action("charge", async () => {
          performed += 1;
          return 7;
        });
        if (fails) throw new HoldfastError(ErrorClass.Transient, "flaky", "after the action");
        return { paid: amount };
      };
    await expect(runStep(ports, step(), run(true), event)).rejects.toThrow("after the action");
    expect(await runStep(ports, step(), run(false), { ...event, attempt: 2 })).toEqual({ output: { paid: 7 } });
    expect(performed).toBe(1);
  });

  it("asks an action's reconcile about an intent without a result, and never repeats it blindly", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const keys: string[] = [];
    const lost: AttemptHandler = async (_input, { action }) => {
      await action("charge", async ({ idempotencyKey }) => {
        keys.push(idempotencyKey);
        throw new HoldfastError(ErrorClass.Transient, "lost", "the answer was lost");
      });
      return { paid: 0 };
    };
    await expect(runStep(ports, step(), lost, event)).rejects.toThrow("the answer was lost");
    const again = counted();
    const blind: AttemptHandler = async (_input, { action }) => ({
      paid: await action("charge", async () => Number(again.calls.push(1))),
    });
    await expect(runStep(ports, step(), blind, { ...event, attempt: 2 })).rejects.toMatchObject({
      name: ErrorClass.UnknownOutcome,
    });
    expect(again.calls).toEqual([]);
    const reconciling: AttemptHandler = async (_input, { action }) => ({
      paid: await action("charge", async () => 0, {
        reconcile: async ({ idempotencyKey }) => {
          keys.push(idempotencyKey);
          return { outcome: "done", result: 9 };
        },
      }),
    });
    expect(await runStep(ports, step(), reconciling, { ...event, attempt: 3 })).toEqual({ output: { paid: 9 } });
    expect(new Set(keys).size).toBe(1);
  });

  it("performs a write again whose refusal proves that it did not take effect", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    let performed = 0;
    const run: AttemptHandler = async (_input, { action }) => ({
      paid: await action("charge", async () => {
        performed += 1;
        if (performed === 1) throw Object.assign(new Error("slow down"), { status: 429 });
        return 5;
      }),
    });
    await expect(runStep(ports, step(), run, event)).rejects.toMatchObject({ name: ErrorClass.Throttled });
    expect(await runStep(ports, step(), run, { ...event, attempt: 2 })).toEqual({ output: { paid: 5 } });
    expect(performed).toBe(2);
  });

  it("holds its lease until the actions under way beside a failure have ended, and begins no others", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const log: string[] = [];
    const late = resolvers<void>();
    const run: AttemptHandler = async (_input, { action }) => {
      const slow = action("slow", async () => {
        await late.promise;
        log.push("slow effect");
        return 1;
      }).then(() => action("after", async () => Number(log.push("must not happen"))));
      slow.catch((error) => log.push(error.code));
      await action("failing", async () => {
        throw new HoldfastError(ErrorClass.Permanent, "broken", "broken");
      });
      return { paid: 0 };
    };
    const failing = runStep(ports, step(), run, event).catch((error) => error.code);
    await expect.poll(async () => (await ports.store.query(runKey(event.runId), "ACTION#")).length).toBe(2);
    await expect(runStep(ports, step(), counted().run, { ...event, attempt: 2 })).rejects.toMatchObject({
      name: ErrorClass.StepBusy,
    });
    late.resolve();
    expect(await failing).toBe("broken");
    await expect.poll(() => log).toEqual(["slow effect", "attempt-over"]);
  });

  it("lets the first result of an action count, where two attempts without a lease act at once", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const [first, second] = [resolvers<number>(), resolvers<number>()];
    const acting =
      (value: Promise<number>): AttemptHandler =>
      async (_input, { action }) => ({ paid: await action("read", () => value) });
    const attempts = [first, second].map(({ promise }, index) =>
      runStep(ports, step({ effect: "read" }), acting(promise), { ...event, attempt: index + 1 }),
    );
    second.resolve(2);
    expect(await attempts[1]).toEqual({ output: { paid: 2 } });
    first.resolve(1);
    expect(await attempts[0]).toEqual({ output: { paid: 2 } });
  });

  it("cut off after an action is planned for undo, and its undo says that it cannot be done", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const cutOff: AttemptHandler = async (_input, { action }) => {
      await action("charge", async () => 1);
      throw new HoldfastError(ErrorClass.Permanent, "broken", "after the action");
    };
    const definition = step({ undoable: true });
    await expect(runStep(ports, definition, cutOff, event)).rejects.toThrow("after the action");
    const { steps } = await planCompensation(ports, { runId: event.runId, steps: ["pay"], lasting: [] });
    expect(steps).toEqual([{ step: "pay", path: "pay", visit: 1 }]);
    const { input: _, ...undo } = event;
    await expect(runUndo(ports, definition, async () => null, undo)).rejects.toMatchObject({ code: "nothing-to-undo" });
  });

  it("under way in a branch is waited for before the run is given up, and then undone", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    await openRun(ports, event.runId, {});
    const request = { runId: event.runId, steps: ["pay"], lasting: [] };
    const done = resolvers<Json>();
    const slow = runStep(ports, step(), () => done.promise, event);
    await expect.poll(() => ports.store.query(runKey(event.runId), "STEP#")).toHaveLength(1);
    await expect(planCompensation(ports, request)).rejects.toMatchObject({ name: ErrorClass.StepBusy });
    done.resolve({ paid: 1 });
    await slow;
    expect(await planCompensation(ports, request)).toMatchObject({ steps: [{ path: "pay" }] });
  });

  it("whose time is up when the run is given up can commit no more", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    const done = resolvers<Json>();
    const zombie = runStep(ports, step(), () => done.promise, event).catch((error) => error.name);
    await expect.poll(() => ports.store.query(runKey(event.runId), "STEP#")).toHaveLength(1);
    ports.clock.advance(66_000);
    const plan = () => planCompensation(ports, { runId: event.runId, steps: ["pay"], lasting: [] });
    expect(await plan()).toEqual({ steps: [], lasting: [] });
    done.resolve({ paid: 1 });
    expect(await zombie).toBe(ErrorClass.StepBusy);
    expect(await plan()).toEqual({ steps: [], lasting: [] });
  });

  it("that writes does not begin once the run is being given up; its undoing does", async () => {
    const ports = testPorts(openStore());
    const event = eventOf();
    await openRun(ports, event.runId, {});
    const undoable = step({ undoable: true });
    await runStep(ports, undoable, counted().run, event);
    await planCompensation(ports, { runId: event.runId, steps: ["pay"], lasting: [] });
    const { calls, run } = counted();
    await expect(runStep(ports, step(), run, { ...event, path: "late" })).rejects.toMatchObject({
      name: ErrorClass.Abandoned,
      code: "run-given-up",
    });
    expect(calls).toEqual([]);
    const { input: _, ...undo } = event;
    expect(await runUndo(ports, undoable, async () => "undone", undo)).toEqual({ output: "undone" });
  });

  it("refuses an action key that is used twice in one attempt", async () => {
    const ports = testPorts(openStore());
    const twice: AttemptHandler = async (_input, { action }) => {
      await action("charge", async () => 1);
      return { paid: await action("charge", async () => 1) };
    };
    await expect(runStep(ports, step({ effect: "read" }), twice, eventOf())).rejects.toMatchObject({
      code: "action-key-repeated",
    });
  });

  it("is undone with its input and output, once, last completed first", async () => {
    const ports = testPorts(openStore());
    const runId = eventOf().runId;
    for (const path of ["first", "second"]) {
      ports.clock.advance(1_000);
      await runStep(ports, step({ name: path, undoable: true }), counted().run, eventOf({ runId, path }));
    }
    const plan = () => planCompensation(ports, { runId, steps: ["first", "second", "never"], lasting: [] });
    expect((await plan()).steps.map(({ step: name }) => name)).toEqual(["second", "first"]);
    const seen: unknown[] = [];
    const undo = () =>
      runUndo(
        ports,
        step({ name: "second", undoable: true }),
        async (undone) => {
          seen.push(undone);
          return null;
        },
        { runId, path: "second", visit: 1, attempt: 1 },
      );
    await undo();
    await undo();
    expect(seen).toEqual([{ input: { amount: 3 }, output: { paid: 3 } }]);
    expect((await plan()).steps.map(({ step: name }) => name)).toEqual(["first"]);
  });

  it("costs one write for none and read, two for write", async () => {
    const store = openStore();
    const put = vi.spyOn(store, "put");
    const cost = async (effect: StepDefinition["effect"]) => {
      put.mockClear();
      await runStep(testPorts(store), step({ effect }), counted().run, eventOf());
      return put.mock.calls.length;
    };
    expect(await cost("none")).toBe(1);
    expect(await cost("read")).toBe(1);
    expect(await cost("write")).toBe(2);
  });
});
