import { parseArgs } from "node:util";
import { MemoryLevel } from "memory-level";
import { checkAgent, type LoadedAgent } from "../lib/definition/index.ts";
import { EmbeddedRunStore, seededChance, virtualClock } from "../lib/local/index.ts";
import { inProcess } from "../test/in-process.ts";

/**
 * Prints how many runs of fourteen steps come to their end, when every attempt of a step fails with a chance of 5 %, by
 * the attempts that a step has; beside what arithmetic says. Usage: npm run reliability -- [--runs 10000] [--seed s] [--json]
 */
const STEPS = 14;
const FAULT_RATE = 0.05;
const BATCH = 250;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1 || runs > 1_000_000) {
  process.stderr.write(`--runs ${values.runs} is no number of runs. Allowed: 1 to 1000000.\n`);
  process.exit(2);
}

const transient = (retries: number) => ({ retries, interval: "1s", backoffRate: 2, maxDelay: "30s" });
const step = (index: number, attempts: number) => ({
  kind: "task",
  name: `step-${index}`,
  handler: "./step.ts",
  effect: "read",
  output: { type: "object", properties: { done: { type: "boolean" } }, required: ["done"] },
  retry: { preset: "none", transient: transient(attempts - 1) },
  onFailure: "fail",
});

function agentWith(attempts: number): LoadedAgent {
  const checked = checkAgent({
    holdfast: 1,
    name: "fourteen",
    purpose: "Fourteen steps, one after the other.",
    input: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
    triggers: [{ source: "bench", detailType: "go", dedupeBy: "id" }],
    steps: Array.from({ length: STEPS }, (_, index) => step(index + 1, attempts)),
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return { name: "fourteen", directory: "/", file: "agent.json", document: checked.agent };
}

/** Runs a batch in a world of its own, so that memory stays bounded. @returns how many completed. */
async function completedOf(agent: LoadedAgent, attempts: number, first: number, count: number): Promise<number> {
  const chance = seededChance(`${values.seed}/${attempts}/${first}`);
  const step = () => {
    if (chance.random() < FAULT_RATE) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    return { done: true };
  };
  const store = new EmbeddedRunStore(new MemoryLevel<string, string>());
  const world = inProcess(agent, { store, clock: virtualClock(), chance, handlerOf: () => step });
  let completed = 0;
  for (let id = first; id < first + count; id += 1) {
    if ((await world.run({ id })).status === "SUCCEEDED") completed += 1;
  }
  return completed;
}

/** The 95 % interval of a share (Wilson, 1927). */
function interval(hits: number, of: number): [number, number] {
  const z = 1.959964;
  const share = hits / of;
  const centre = share + (z * z) / (2 * of);
  const half = z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of));
  return [(centre - half) / (1 + (z * z) / of), (centre + half) / (1 + (z * z) / of)];
}

const rows = [];
for (const attempts of [1, 3, 4]) {
  const agent = agentWith(attempts);
  let completed = 0;
  for (let first = 0; first < runs; first += BATCH) {
    completed += await completedOf(agent, attempts, first, Math.min(BATCH, runs - first));
    if (process.stderr.isTTY) process.stderr.write(`\r${attempts} attempts: ${first + BATCH} of ${runs} runs `);
  }
  const expected = (1 - FAULT_RATE ** attempts) ** STEPS;
  rows.push({ attempts, runs, completed, share: completed / runs, interval95: interval(completed, runs), expected });
}
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");

const percent = (share: number) => `${(share * 100).toFixed(3)} %`;
const lines = rows.map(({ attempts, completed, share, interval95: [low, high], expected }) =>
  [
    String(attempts),
    `${completed} of ${runs}`,
    percent(share),
    `${percent(low)} to ${percent(high)}`,
    percent(expected),
  ]
    .map((cell, index) => cell.padEnd([10, 18, 12, 24, 0][index] ?? 0))
    .join("")
    .trimEnd(),
);
process.stdout.write(
  values.json
    ? `${JSON.stringify({ steps: STEPS, faultRate: FAULT_RATE, rows })}\n`
    : `attempts  completed         share       95 % interval           arithmetic\n${lines.join("\n")}\n`,
);
