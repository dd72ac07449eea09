import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { MemoryLevel } from "memory-level";
import type { JsonObject } from "../lib/contract/index.ts";
import { createEngine, type Engine, type EngineOptions, lambdaTasks } from "../lib/local/engine/index.ts";
import { seededChance } from "../lib/local/seeded-chance.ts";
import { systemChance } from "../lib/local/system-chance.ts";
import { systemClock } from "../lib/local/system-clock.ts";
import { virtualClock } from "../lib/local/virtual-clock.ts";
import { machine, task } from "../test/local/engine/machines.ts";

/** Prints how fast the engine is here, beside the store by itself. Usage: npm run bench:engine */
const STEPS = 14;
const RESULT = { text: "x".repeat(1_000) };

const step = (index: number): JsonObject =>
  task({
    Arguments: {
      FunctionName: "work",
      Payload: { run: "{% $states.context.Execution.Name %}", input: "{% $states.input.document %}", step: index },
    },
    TimeoutSeconds: 900,
    Retry: [{ ErrorEquals: ["Busy"] }],
    Assign: { [`result${index}`]: "{% $states.result.Payload %}" },
    Output: "{% $states.input %}",
    ...(index === STEPS ? { End: true } : { Next: `Step${index + 1}` }),
  });

const definition = machine(
  Object.fromEntries(Array.from({ length: STEPS }, (_, index) => [`Step${index + 1}`, step(index + 1)])),
);

async function runsPerSecond(engine: Engine, runs: number, concurrency: number): Promise<number> {
  const started = performance.now();
  let next = 0;
  const work = async () => {
    for (let run = next++; run < runs; run = next++) {
      const name = `run-${concurrency}-${run}`;
      const request = { machine: { name: "speed", definition }, name, input: { document: "d" } };
      const { executionArn } = await engine.startExecution(request);
      const { status } = await engine.closed(executionArn);
      if (status !== "SUCCEEDED") throw new Error(`The execution ended ${status}.`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return runs / ((performance.now() - started) / 1000);
}

async function durable(store: ClassicLevel<string, string>, figures: Record<string, number>): Promise<void> {
  const options: EngineOptions = {
    store,
    clock: systemClock(),
    chance: systemChance(),
    tasks: lambdaTasks(() => () => RESULT),
  };
  await runsPerSecond(createEngine({ ...options, store: new MemoryLevel() }), 200, 8);
  for (const [concurrency, runs] of [
    [1, 300],
    [16, 300],
    [64, 600],
  ] as const) {
    const engine = createEngine(options);
    figures[`durable steps per second at ${concurrency}`] = STEPS * (await runsPerSecond(engine, runs, concurrency));
    await engine.close();
  }
}

async function bareStore(store: ClassicLevel<string, string>): Promise<number> {
  const puts = 1_000;
  const value = JSON.stringify(RESULT);
  const started = performance.now();
  for (let index = 0; index < puts; index++) await store.put(`bare/${index}`, value, { sync: true });
  return puts / ((performance.now() - started) / 1000);
}

async function simulator(): Promise<number> {
  const options = { clock: virtualClock(), chance: seededChance("speed"), tasks: lambdaTasks(() => () => RESULT) };
  await runsPerSecond(createEngine(options), 1_000, 1);
  return runsPerSecond(createEngine(options), 3_000, 1);
}

/** One execution that is half done when the process ends, among those that have closed before. */
async function restart(store: ClassicLevel<string, string>): Promise<number> {
  const clock = systemClock();
  const chance = systemChance();
  let calls = 0;
  const forever = new Promise<never>(() => undefined);
  const first = createEngine({
    store,
    clock,
    chance,
    tasks: lambdaTasks(() => () => (++calls > 7 ? forever : RESULT)),
  });
  const request = { machine: { name: "speed", definition }, name: "half", input: { document: "d" } };
  const { executionArn } = await first.startExecution(request);
  while (calls < 8) await new Promise(setImmediate);
  await first.close();
  const started = performance.now();
  let resumed = 0;
  const second = createEngine({
    store,
    clock,
    chance,
    tasks: lambdaTasks(() => () => {
      resumed ||= performance.now();
      return RESULT;
    }),
  });
  await second.resume();
  await second.closed(executionArn);
  await second.close();
  return resumed - started;
}

const folder = mkdtempSync(join(tmpdir(), "holdfast-speed-"));
const store = new ClassicLevel<string, string>(join(folder, "store"));
await store.open();
const figures: Record<string, number> = {};
figures["bare store, synchronous puts per second"] = await bareStore(store);
await durable(store, figures);
figures["restart to resumed, milliseconds"] = await restart(store);
figures[`simulator, ${STEPS}-step runs per second`] = await simulator();
await store.close();
rmSync(folder, { recursive: true });
process.stdout.write(
  `${JSON.stringify(figures, (_, value) => (typeof value === "number" ? Math.round(value) : value), 2)}\n`,
);
