import fc from "fast-check";
import { MemoryLevel } from "memory-level";
import { expect, it } from "vitest";
import { createEngine, type HistoryEvent, lambdaTasks } from "../../../lib/local/engine/index.ts";
import { seededChance } from "../../../lib/local/seeded-chance.ts";
import { virtualClock } from "../../../lib/local/virtual-clock.ts";
import { EXPECTED_OUTPUT, MACHINE } from "./crash/machine.ts";

/** Runs the machine of the crash test with tasks that take their time, as the seed says. */
async function run(seed: string, store: MemoryLevel<string, string>) {
  const clock = virtualClock();
  const latency = seededChance(seed);
  const engine = createEngine({
    store,
    clock,
    chance: seededChance(seed),
    tasks: lambdaTasks((name) => async (payload, { attempt }) => {
      const { task, token } = payload as { task: string; token: string };
      await clock.sleep(latency.random() * 2_000);
      if (name === "ask")
        clock.at(clock.now() + latency.random() * 9_000, () => void engine.sendTaskSuccess(token, "approved"));
      if (task === "flaky" && attempt < 2) throw Object.assign(new Error("not yet"), { name: "Flaky" });
      return name === "ask" ? null : `did ${task}`;
    }),
  });
  const told: HistoryEvent[] = [];
  engine.subscribe(({ event }) => told.push(event));
  const { executionArn } = await engine.startExecution({
    machine: { name: "m", definition: MACHINE },
    name: "r",
    input: {},
  });
  const { output } = await engine.closed(executionArn);
  await engine.close();
  return { executionArn, output, told };
}

it("an execution read from its journal has the history that it had when it ran, in whatever order its tasks ended", async () => {
  const orders = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.string(), async (seed) => {
      const store = new MemoryLevel<string, string>();
      const { executionArn, output, told } = await run(seed, store);
      const reader = createEngine({ store, clock: virtualClock(), chance: seededChance(""), tasks: () => undefined });
      expect(output).toEqual(EXPECTED_OUTPUT);
      expect(await reader.getHistory(executionArn)).toEqual(told);
      orders.add(told.map(({ type }) => type).join());
    }),
    { numRuns: 30 },
  );
  expect(orders.size).toBeGreaterThan(5);
});
