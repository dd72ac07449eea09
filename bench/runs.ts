import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ClassicLevel } from "classic-level";
import { agentStatus, RUN, RUN_STATUSES, runKey, stepKey } from "../lib/contract/index.ts";
import { EmbeddedRunStore } from "../lib/local/index.ts";

/**
 * Prints how long `holdfast runs` takes over many stored runs, as a whole process from its start to its end, beside
 * `holdfast --help` and Node that does nothing, taken in turns. Usage: npm run bench:runs -- [--runs 100000] [--rounds 20]
 */
const { values } = parseArgs({
  options: { runs: { type: "string", default: "100000" }, rounds: { type: "string", default: "20" } },
});
const [runs, rounds] = [Number(values.runs), Number(values.rounds)];

const AGENTS = ["invoice-desk", "order-desk", "claims-desk", "ledger", "concierge"];
const STATUSES = RUN_STATUSES;
const STEPS_OF_A_RUN = 3;
const AT_ONCE = 500;
const NEWEST = Date.UTC(2026, 10, 21);
/** A run every 26 s is a hundred thousand a month. */
const SPACING_MS = 26_000;

const time = (run: number, later = 0) => new Date(NEWEST - run * SPACING_MS + later).toISOString();

async function store(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  const database = new ClassicLevel<string, string>(join(dataDir, "store"));
  await database.open();
  const items = new EmbeddedRunStore(database);
  for (let first = 0; first < runs; first += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, runs - first) }, (_, index) => put(items, first + index));
    await Promise.all(batch);
  }
  await database.close();
}

async function put(items: EmbeddedRunStore, run: number): Promise<void> {
  const agent = AGENTS[run % AGENTS.length] ?? "";
  const runId = `${agent}-${run.toString(16).padStart(32, "0")}`;
  // One in a hundred is open, as many wait; one in twenty has failed.
  const status = STATUSES[run % 100 < 2 ? run % 2 : run % 20 === 3 ? 3 : run % 500 === 4 ? 4 : 2] ?? "completed";
  const pk = runKey(runId);
  const payload = JSON.stringify({ text: "x".repeat(1_000) });
  const dates = { startedAt: time(run), updatedAt: time(run, 20_000) };
  const listed = { agentStatus: agentStatus(agent, status), open: run % 100 < 2 };
  await items.put({ pk, sk: RUN, runId, agent, status, ...listed, ...dates, executionInput: payload });
  for (let step = 1; step <= STEPS_OF_A_RUN; step++) {
    await items.put({ pk, sk: stepKey(`step-${step}`, 1), step: `step-${step}`, status: "committed", output: payload });
  }
}

const holdfast = fileURLToPath(new URL("../bin/holdfast.mjs", import.meta.url));

function timed(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

function project(root: string): void {
  for (const agent of AGENTS) {
    mkdirSync(join(root, "functions", agent), { recursive: true });
    writeFileSync(join(root, "functions", agent, "agent.json"), "{}");
  }
}

const folder = mkdtempSync(join(tmpdir(), "holdfast-runs-"));
project(folder);
const began = performance.now();
await store(join(folder, "data"));
process.stderr.write(`${runs} runs stored in ${Math.round((performance.now() - began) / 1000)} s\n`);

const list = (...args: string[]) => [holdfast, "--root", folder, "--data-dir", join(folder, "data"), "runs", ...args];
const since = time(2_000);
const cases: Readonly<Record<string, readonly string[]>> = {
  "node -e 0": ["-e", "0"],
  "holdfast --help": [holdfast, "--help"],
  runs: list(),
  "runs --status failed": list("--status", "failed"),
  "runs --agent ledger --limit 500": list("--agent", "ledger", "--limit", "500"),
  "runs --since <2000 runs ago>": list("--since", since),
  "runs --agent invoice-desk --status waiting --since <2000 runs ago> --json": list(
    ...["--agent", "invoice-desk", "--status", "waiting", "--since", since, "--json"],
  ),
};

// The first look after so many writes has LevelDB put its files in order.
timed(list());
const taken = new Map(Object.keys(cases).map((name): [string, number[]] => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(cases)) taken.get(name)?.push(timed(args));
}
rmSync(folder, { recursive: true });

const quantile = (sorted: readonly number[], part: number) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? 0);
const figures = [...taken].map(([name, times]) => {
  const sorted = times.toSorted((a, b) => a - b);
  return [name, { "p50 ms": quantile(sorted, 0.5), "p95 ms": quantile(sorted, 0.95) }];
});
process.stdout.write(`${JSON.stringify(Object.fromEntries(figures), null, 2)}\n`);
