import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ClassicLevel } from "classic-level";
import { MemoryLevel } from "memory-level";
import { table } from "../lib/cli/table.ts";
import { type Database, EmbeddedRunStore, seededChance, systemChance, systemClock } from "../lib/local/index.ts";
import type { ModelClient, ModelRequest } from "../lib/ports/index.ts";
import { openRun, reasoningStep, runStep, toolGateway } from "../lib/runtime/index.ts";
import { memoryBlobs } from "../test/fakes/memory-blobs.ts";
import { answer, call, says, thinking } from "../test/runtime/reason/thinking.ts";
import { median, percentile, rounded, shuffled } from "./step/statistics.ts";

/**
 * Prints what a turn of a reasoning loop takes, of one model call and one tool call each, beside the same calls made
 * directly, in turns in one process; and how that grows with the conversation. Usage: npm run bench:reason [-- --json]
 */
const { json } = parseArgs({ options: { json: { type: "boolean", default: false } } }).values;

const ROUNDS = 60;
const WARM_UP_ROUNDS = 10;
const TURNS = 50;
const SHOWN_TURNS = [5, 25, 50];

const step = thinking({ limits: { turns: 100 }, timeout: "895s", contextTokens: 2_000_000 });
const script = () => says([...Array.from({ length: TURNS }, (_, turn) => [call("order", `${turn}`)]), [answer()]]);
const OUTPUT = { paid: true };

/** What each turn took, in microseconds, and what the model was asked on it. */
interface Turns {
  readonly took: readonly number[];
  readonly requests: readonly ModelRequest[];
}

let runs = 0;

/** A loop on a store; a turn goes from one question to the model to the next. */
async function looped(store: EmbeddedRunStore): Promise<Turns> {
  runs += 1;
  const blobs = memoryBlobs();
  const owner = { id: "bench", isGone: () => false };
  const [clock, chance] = [systemClock(), systemChance()];
  const ports = { store, clock, chance, blobs, claims: { folder: "mem:claims/", blobs }, owner };
  const tools = step.reason?.tools.map((definition) => ({
    definition,
    transport: { call: async () => ({ output: OUTPUT }) },
  }));
  const client = script();
  const [starts, requests]: [number[], ModelRequest[]] = [[], []];
  const timed: ModelClient = {
    converse(request) {
      starts.push(performance.now());
      requests.push(request);
      return client.converse(request);
    },
  };
  const gateway = toolGateway(ports, { agent: step.agent, tools: tools ?? [] });
  const runId = `bench-${String(runs).padStart(32, "0")}`;
  await openRun(ports, runId, {}, { budget: { usd: 100, tokens: 100_000_000 } });
  const handler = reasoningStep(step, { models: () => timed, gateway, clock, store: ports.store });
  await runStep(ports, step, handler, { runId, path: step.name, visit: 1, attempt: 1, input: { id: "7" } });
  return { took: starts.slice(1).map((start, turn) => (start - (starts[turn] ?? start)) * 1_000), requests };
}

/** The same questions and calls, without a loop. */
async function direct(requests: readonly ModelRequest[]): Promise<Turns> {
  const client = script();
  const took: number[] = [];
  for (const request of requests.slice(0, TURNS)) {
    const started = performance.now();
    await client.converse(request);
    await Promise.resolve(OUTPUT);
    took.push((performance.now() - started) * 1_000);
  }
  return { took, requests };
}

async function measure(folder: string) {
  const disk = new ClassicLevel<string, string>(join(folder, "store"));
  await disk.open();
  const stores: readonly (readonly [string, Database])[] = [
    ["in memory", new MemoryLevel<string, string>()],
    ["on disk", disk],
  ];
  const { requests } = await looped(new EmbeddedRunStore(new MemoryLevel<string, string>()));
  const subjects = [
    { what: "direct", run: () => direct(requests), rounds: [] as Turns[] },
    ...stores.map(([what, database]) => {
      const store = new EmbeddedRunStore(database);
      return { what: `loop, store ${what}`, run: () => looped(store), rounds: [] as Turns[] };
    }),
  ];
  const chance = seededChance("reason");
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const { run, rounds } of shuffled(subjects, chance)) {
      const turns = await run();
      if (round >= WARM_UP_ROUNDS) rounds.push(turns);
    }
  }
  await disk.close();
  const bare = subjects[0]?.rounds ?? [];
  return subjects.flatMap(({ what, rounds }) =>
    SHOWN_TURNS.map((turn) => {
      const took = tookOn(turn, rounds);
      return {
        ...{ what, turn, sentKilobytes: rounded(JSON.stringify(requests[turn - 1]?.messages).length / 1_000, 1) },
        ...{ p50: rounded(median(took), 0), p95: rounded(percentile(took, 0.95), 0) },
        overheadMs: rounded((median(took) - median(tookOn(turn, bare))) / 1_000, 2),
        ratio: rounded(median(took) / median(tookOn(turn, bare)), 1),
      };
    }),
  );
}

/** What this turn and its neighbours took: one alone is at the mercy of the garbage collector. */
const tookOn = (turn: number, rounds: readonly Turns[]) =>
  rounds.flatMap(({ took }) => took.slice(Math.max(0, turn - 3), turn));

const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-reason-"));
try {
  const rows = await measure(folder);
  const heads = ["", "turn", "KB sent", "p50, µs", "p95, µs", "beyond direct, ms", "times direct"];
  const words = rows.map((row) => [row.what, row.turn, row.sentKilobytes, row.p50, row.p95, row.overheadMs, row.ratio]);
  const title = "A turn of a reasoning loop: one model call (scripted), one tool call, budget and records included";
  process.stdout.write(json ? `${JSON.stringify(rows)}\n` : `${title}\n${table(heads, words)}\n`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
