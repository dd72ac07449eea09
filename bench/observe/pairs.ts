import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { MemoryLevel } from "memory-level";
import { lambdaHandler } from "../../functions/platform/lambda-handler.ts";
import { observers } from "../../functions/platform/observers.ts";
import { stepFunction } from "../../functions/platform/step.ts";
import { DynamoRunStore, noBlobStore, requiredEnvironment, systemChance, systemClock } from "../../lib/aws/index.ts";
import { Environment, type StepEvent, type StepResult } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import { EmbeddedRunStore } from "../../lib/local/embedded-run-store.ts";
import { seededChance } from "../../lib/local/seeded-chance.ts";
import type { RunStore } from "../../lib/ports/index.ts";
import { observeStep, runStep, type StepPorts } from "../../lib/runtime/index.ts";
import { median, percentile, rounded, shuffled } from "../step/statistics.ts";

export type Handler = (event: StepEvent) => Promise<StepResult>;
export type Effect = StepDefinition["effect"];

/** Microseconds, and their ratio. */
export interface Row {
  readonly what: string;
  readonly pairs: number;
  readonly bare: number;
  readonly observed: number;
  readonly bare95: number;
  readonly observed95: number;
  /** Of the medians. */
  readonly ratio: number;
  /** The median of the ratios, pair by pair. */
  readonly ratioOfPairs: number;
}

const PAIRS = 600;
const WARM_UP = 200;
const OUTPUT = { done: true };
const noOp = () => OUTPUT;

const definitionOf = (effect: Effect): StepDefinition => ({
  agent: "bench",
  name: "no-op",
  effect,
  timeoutSeconds: 60,
  output: { type: "object", properties: { done: { type: "boolean" } }, required: ["done"] },
  errors: [],
  retries: {},
  limits: { steps: 60, wallClockSeconds: 3_600 },
  gated: false,
  undoable: false,
});

let runs = 0;
/** The first attempt of a step in a run of its own. */
const nextEvent = (): StepEvent => ({
  runId: `bench-${String(++runs).padStart(32, "0")}`,
  path: "no-op",
  visit: 1,
  attempt: 1,
  input: { invoice: "i-1" },
  startedAt: new Date().toISOString(),
  number: 1,
});

const portsOn = (store: RunStore): StepPorts => ({
  store,
  clock: systemClock,
  chance: systemChance,
  blobs: noBlobStore,
  claims: { folder: "s3://claims/", blobs: noBlobStore },
  owner: { id: "bench", isGone: () => false },
});

const bareOn = (ports: StepPorts, step: StepDefinition): Handler =>
  lambdaHandler((event) => runStep(ports, step, noOp, event));

/** The function as it is deployed, and the same without anybody who looks. */
function overHttp(step: StepDefinition) {
  const store = new DynamoRunStore(new DynamoDBClient({}), requiredEnvironment(Environment.table));
  return { bare: bareOn(portsOn(store), step), observed: stepFunction(step, noOp) };
}

function inMemory(step: StepDefinition) {
  const ports = portsOn(new EmbeddedRunStore(new MemoryLevel<string, string>()));
  const observed: Handler = lambdaHandler((event) =>
    observeStep(observers, step, event, noOp, (handler, traced) => runStep(ports, step, handler, traced)),
  );
  return { bare: bareOn(ports, step), observed };
}

async function microsecondsOf(handler: Handler): Promise<number> {
  const event = nextEvent();
  const started = performance.now();
  await handler(event);
  return (performance.now() - started) * 1_000;
}

async function compared(what: string, { bare, observed }: { bare: Handler; observed: Handler }): Promise<Row> {
  const chance = seededChance(what);
  const times: Record<"bare" | "observed", number[]> = { bare: [], observed: [] };
  for (let pair = 0; pair < WARM_UP + PAIRS; pair += 1) {
    for (const [name, handler] of shuffled([["bare", bare] as const, ["observed", observed] as const], chance)) {
      const microseconds = await microsecondsOf(handler);
      if (pair >= WARM_UP) times[name].push(microseconds);
      // What is sent and written without being waited for is part of what the next one finds.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const of = (name: "bare" | "observed", share: number) => rounded(percentile(times[name], share), 0);
  const ratios = times.observed.map((microseconds, index) => microseconds / (times.bare[index] ?? Number.NaN));
  return {
    what,
    pairs: PAIRS,
    bare: of("bare", 0.5),
    observed: of("observed", 0.5),
    bare95: of("bare", 0.95),
    observed95: of("observed", 0.95),
    ratio: rounded(median(times.observed) / median(times.bare), 3),
    ratioOfPairs: rounded(median(ratios), 3),
  };
}

/** Tells the parent what a step takes with traces, logs and metrics, beside the same step without. */
export async function tell(): Promise<void> {
  const rows: Row[] = [];
  for (const effect of ["read", "write"] as const) {
    const step = definitionOf(effect);
    rows.push(await compared(`DynamoDB over HTTP, ${effect}`, overHttp(step)));
    rows.push(await compared(`store in memory, ${effect}`, inMemory(step)));
  }
  process.send?.(rows);
}
