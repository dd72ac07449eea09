import { MemoryLevel } from "memory-level";
import { afterAll, describe, expect, it, vi } from "vitest";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import { type Json, RUN, runKey, SWEEP_SECONDS } from "../../lib/contract/index.ts";
import { EmbeddedRunStore } from "../../lib/local/index.ts";
import type { Execution } from "../../lib/ports/index.ts";
import { openRun, reconcileRun, reconcileRuns, type Sweep } from "../../lib/runtime/index.ts";
import { closeRun, markRun } from "../../lib/runtime/runs.ts";
import { startDynalite } from "../dynalite.ts";
import { testPorts } from "../fakes/ports.ts";

const dynalite = await startDynalite();
afterAll(dynalite.stop);

const STORES = [
  ["the embedded store", () => new EmbeddedRunStore(new MemoryLevel<string, string>())],
  ["DynamoDB over the wire", () => new DynamoRunStore(dynalite.client, dynalite.table)],
] as const;

/** An agent of its own for every test, as the stores may be shared. */
let agents = 0;

/** How an execution can end, and what that makes of its run. */
const ENDS = [
  ["succeeded", { status: "SUCCEEDED" }, "completed"],
  ["failed", { status: "FAILED", error: "Holdfast.Permanent" }, "failed"],
  ["gave up", { status: "FAILED", error: "Holdfast.Abandoned" }, "abandoned"],
  ["took too long", { status: "TIMED_OUT" }, "failed"],
  ["was stopped", { status: "ABORTED" }, "failed"],
] as const satisfies readonly (readonly [string, Omit<Execution, "name">, string])[];

describe.each(STORES)("on %s", (_, openStore) => {
  function prepared() {
    agents += 1;
    const name = `desk-${agents}`;
    const ports = testPorts(openStore());
    const runId = (number: number) => `${name}-${String(number).padStart(32, "0")}`;
    const stateMachine = `machine of ${name}`;
    return {
      ports,
      agent: { name, stateMachine },
      runId,
      open: (number: number, executionInput: Json = {}) =>
        openRun(ports, runId(number), executionInput, { budget: {} }),
      run: (number: number) => ports.store.get({ pk: runKey(runId(number)), sk: RUN }),
      set: (number: number, execution: Omit<Execution, "name">) =>
        ports.setExecution(stateMachine, { name: runId(number), ...execution }),
      later: (seconds = SWEEP_SECONDS) => ports.clock.advance(seconds * 1_000),
      sweep: (options: Partial<Sweep> = {}) => reconcileRuns(ports, { agents: [{ name, stateMachine }], ...options }),
    };
  }

  describe.each(ENDS)("a run whose execution %s", (_how, end, status) => {
    it(`is ${status} by its status event, closed and bound to expire`, async () => {
      const { ports, open, runId, run } = prepared();
      await open(1);
      await reconcileRun(ports, { name: runId(1), ...end });
      const closed = await run(1);
      expect(closed).toMatchObject({ status, open: false, ttl: expect.any(Number) });
      await reconcileRun(ports, { name: runId(1), ...end });
      expect(await run(1)).toEqual(closed);
    });

    it(`is ${status} by the sweep when no event told of it, once`, async () => {
      const { open, run, set, later, sweep } = prepared();
      await open(1);
      set(1, end);
      later();
      await sweep();
      const closed = await run(1);
      expect(closed).toMatchObject({ status, open: false, ttl: expect.any(Number) });
      later();
      await sweep();
      expect(await run(1)).toEqual(closed);
    });
  });

  it("a run that its last step closed stays as it is, unless its execution failed on its way out", async () => {
    const { ports, open, runId, run } = prepared();
    for (const number of [1, 2]) {
      await open(number);
      await closeRun(ports, runId(number), "completed");
    }
    await reconcileRun(ports, { name: runId(1), status: "SUCCEEDED" });
    await reconcileRun(ports, { name: runId(2), status: "FAILED" });
    expect(await run(1)).toMatchObject({ status: "completed", open: false });
    expect(await run(2)).toMatchObject({ status: "failed", open: false });
  });

  it.each(["RUNNING", "PENDING_REDRIVE"] as const)("a run whose execution is %s is left as it is", async (status) => {
    const { open, run, set, later, sweep } = prepared();
    const { item } = await open(1);
    set(1, { status });
    later();
    await sweep();
    expect(await run(1)).toEqual(item);
  });

  it("a run whose execution was never started is started, with the input that it was opened with, once", async () => {
    const { ports, agent, open, run, runId, later, sweep } = prepared();
    const input = { input: { invoiceId: "A-1" }, event: { id: "e-1" } };
    const { item } = await open(1, input);
    later();
    await sweep();
    await sweep();
    expect(ports.started).toEqual([{ stateMachine: agent.stateMachine, name: runId(1), input }]);
    expect(await run(1)).toEqual(item);
  });

  it("a subflow that was never started is left to its parent, and closed as failed once that has ended", async () => {
    const { ports, open, run, runId, set, later, sweep } = prepared();
    await open(1);
    set(1, { status: "RUNNING" });
    await open(2, { input: {}, parent: { runId: runId(1), path: "ask" } });
    later();
    await sweep();
    expect(await run(2)).toMatchObject({ status: "running", open: true });
    set(1, { status: "FAILED" });
    await sweep();
    expect(await run(1)).toMatchObject({ status: "failed" });
    expect(await run(2)).toMatchObject({ status: "failed", open: false, ttl: expect.any(Number) });
    expect(ports.started).toEqual([]);
  });

  it("a run that waits for people is seen, and one that was touched a while ago is not", async () => {
    const { ports, open, run, runId, set, later, sweep } = prepared();
    for (const number of [1, 2]) await open(number);
    await markRun(ports, runId(1), "waiting");
    for (const number of [1, 2]) set(number, { status: "SUCCEEDED" });
    later(SWEEP_SECONDS - 1);
    await sweep();
    expect([await run(1), await run(2)]).toMatchObject([{ status: "waiting" }, { status: "running" }]);
    const touched = { set: { updatedAt: new Date(ports.clock.now()).toISOString() } };
    await ports.store.update({ pk: runKey(runId(2)), sk: RUN }, touched, { kind: "matches" });
    later(1);
    await sweep();
    expect([await run(1), await run(2)]).toMatchObject([{ status: "completed" }, { status: "running" }]);
    later(SWEEP_SECONDS - 1);
    await sweep();
    expect(await run(2)).toMatchObject({ status: "completed" });
  });

  it("so many runs are looked at in a sweep, the next ones in the next, until all have been", async () => {
    const { ports, open, runId, set, later, sweep } = prepared();
    for (const number of [0, 1, 2, 3, 4, 5, 6]) {
      await open(number);
      set(number, { status: "RUNNING" });
      later(1);
    }
    const describing = vi.spyOn(ports.executions, "describe");
    for (let turn = 0; turn < 4; turn += 1) {
      later();
      await sweep({ limit: 2 });
      expect(describing).toHaveBeenCalledTimes(2 * (turn + 1));
    }
    const seen = new Set(describing.mock.calls.map(([, name]) => name));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6].map(runId));
  });

  it("a run that cannot be repaired stops no other, and is told of at the end", async () => {
    const { ports, agent, open, run, runId, set, later, sweep } = prepared();
    for (const number of [1, 2, 3]) {
      await open(number);
      set(number, { status: "SUCCEEDED" });
    }
    const { describe } = ports.executions;
    vi.spyOn(ports.executions, "describe").mockImplementation(async (machine, name) => {
      if (name === runId(2)) throw new Error("slow down");
      return describe(machine, name);
    });
    later();
    vi.spyOn(ports.store, "runs").mockRejectedValueOnce(new Error("no table"));
    const unlisted = { name: "unlisted", stateMachine: "machine" };
    const failed = await sweep({ agents: [unlisted, agent] }).catch((error) => error);
    expect(failed).toBeInstanceOf(AggregateError);
    expect(failed.errors.map(({ message }: Error) => message).sort()).toEqual(["no table", "slow down"]);
    expect([await run(1), await run(2), await run(3)]).toMatchObject([
      { status: "completed" },
      { status: "running" },
      { status: "completed" },
    ]);
  });
});
