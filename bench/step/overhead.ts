import { MemoryLevel } from "memory-level";
import type { StepEvent } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import { EmbeddedRunStore } from "../../lib/local/embedded-run-store.ts";
import { seededChance } from "../../lib/local/seeded-chance.ts";
import { systemChance } from "../../lib/local/system-chance.ts";
import { systemClock } from "../../lib/local/system-clock.ts";
import type { RunStore } from "../../lib/ports/index.ts";
import { type AttemptHandler, runStep } from "../../lib/runtime/index.ts";
import { memoryBlobs } from "../../test/fakes/memory-blobs.ts";
import { recordingStore, type StoreCall } from "./recording-store.ts";
import { median, percentile, rounded, shuffled } from "./statistics.ts";

const STEPS = 2_000;
const WARM_UP_STEPS = 500;
const ACTIONS_PER_STEP = 5;

type Effect = StepDefinition["effect"];

/** Microseconds. */
interface Spread {
  readonly p50: number;
  readonly p95: number;
}

export interface OverheadRow {
  readonly what: string;
  readonly samples: number;
  readonly storeCalls: number;
  readonly whole: Spread;
  /** The same calls of the store, made by themselves. */
  readonly store: Spread;
  /** What the whole takes beyond that, pair by pair: the protocol, and the handler. */
  readonly protocol: Spread;
}

/** What one step or action took, and which calls of the store it made. */
interface Sample {
  readonly what: string;
  readonly microseconds: number;
  readonly calls: readonly StoreCall[];
}

/** Microseconds of a sample, and of its store calls alone. */
interface Pair {
  readonly calls: number;
  readonly whole: number;
  readonly store: number;
}

type Subject = (index: number) => Promise<readonly Sample[]>;

const OUTPUT = { done: true };
const noOp = () => OUTPUT;
const SCHEMA = { type: "object", properties: { done: { type: "boolean" } }, required: ["done"] };

const definitionOf = (effect: Effect): StepDefinition => ({
  agent: "bench",
  name: "no-op",
  effect,
  timeoutSeconds: 60,
  output: SCHEMA,
  errors: [],
  limits: { steps: 60, wallClockSeconds: 3_600 },
  gated: false,
  undoable: false,
  retries: {},
});

/** The first attempt of a step in a run of its own. */
const eventOf = (index: number): StepEvent => ({
  runId: `bench-${String(index).padStart(32, "0")}`,
  path: "no-op",
  visit: 1,
  attempt: 1,
  input: { invoice: "i-1" },
  startedAt: new Date().toISOString(),
  number: 1,
});

const embeddedStore = () => new EmbeddedRunStore(new MemoryLevel<string, string>());

function world() {
  const { store, take } = recordingStore(embeddedStore());
  const blobs = memoryBlobs();
  const claims = { folder: "mem:claims/", blobs };
  const owner = { id: "bench", isGone: () => false };
  return { ports: { store, clock: systemClock(), chance: systemChance(), blobs, claims, owner }, take };
}

const since = (started: number) => (performance.now() - started) * 1_000;

/** The handler by itself. */
const bareHandler = (): Subject => async () => {
  const started = performance.now();
  await noOp();
  return [{ what: "handler, bare", microseconds: since(started), calls: [] }];
};

function wholeStep(effect: Effect): Subject {
  const { ports, take } = world();
  const definition = definitionOf(effect);
  return async (index) => {
    const event = eventOf(index);
    const started = performance.now();
    await runStep(ports, definition, noOp, event);
    return [{ what: `step, ${effect}`, microseconds: since(started), calls: take() }];
  };
}

/** The actions of a step, one after the other. The first asks the store what earlier attempts have recorded. */
function actionsOfStep(effect: Effect): Subject {
  const { ports, take } = world();
  const definition = definitionOf(effect);
  const perform = async () => OUTPUT;
  return async (index) => {
    const samples: Sample[] = [];
    const handler: AttemptHandler = async (_, context) => {
      take();
      for (let action = 1; action <= ACTIONS_PER_STEP; action += 1) {
        const what = action === 1 ? `action, ${effect}, first of its step` : `action, ${effect}`;
        const started = performance.now();
        await context.action(`action-${action}`, perform);
        samples.push({ what, microseconds: since(started), calls: take() });
      }
      return OUTPUT;
    };
    await runStep(ports, definition, handler, eventOf(index));
    take();
    return samples;
  };
}

/** @param progress called with the steps done and the steps to do. */
export async function measureOverhead(progress: (done: number, of: number) => void): Promise<OverheadRow[]> {
  const chance = seededChance("overhead");
  const subjects = [
    bareHandler(),
    ...(["none", "read", "write"] as const).map(wholeStep),
    ...(["read", "write"] as const).map(actionsOfStep),
  ].map((run) => ({ run, bare: embeddedStore(), pairs: new Map<string, Pair[]>() }));

  for (let index = 0; index < WARM_UP_STEPS + STEPS; index += 1) {
    for (const { run, bare, pairs } of shuffled(subjects, chance)) {
      for (const { what, microseconds: whole, calls } of await run(index)) {
        const store = await timeOf(calls, bare);
        const known = pairs.get(what) ?? [];
        if (index >= WARM_UP_STEPS) known.push({ calls: calls.length, whole, store });
        pairs.set(what, known);
      }
    }
    progress(index + 1, WARM_UP_STEPS + STEPS);
  }
  return subjects.flatMap(({ pairs }) => [...pairs].map(([what, known]) => rowOf(what, known)));
}

async function timeOf(calls: readonly StoreCall[], store: RunStore): Promise<number> {
  if (calls.length === 0) return 0;
  const started = performance.now();
  for (const call of calls) await call(store);
  return since(started);
}

const rowOf = (what: string, pairs: readonly Pair[]): OverheadRow => ({
  what,
  samples: pairs.length,
  storeCalls: median(pairs.map(({ calls }) => calls)),
  whole: spreadOf(pairs.map(({ whole }) => whole)),
  store: spreadOf(pairs.map(({ store }) => store)),
  protocol: spreadOf(pairs.map(({ whole, store }) => whole - store)),
});

const spreadOf = (values: readonly number[]): Spread => ({
  p50: rounded(percentile(values, 0.5), 1),
  p95: rounded(percentile(values, 0.95), 1),
});
