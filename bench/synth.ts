import { fork } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { loadAgents } from "../lib/definition/index.ts";
import { createApp } from "../lib/infra/index.ts";
import { generatedAgent } from "./generated-agent.ts";

/**
 * How long the CDK app of 2 and of 10 agents takes, each in a process of its own: bundling, synthesis and rule packs. Figures to hold: 60 s
 * for 10 agents, and at most twice what growing in proportion would give.
 */
const SIZES = [2, 10] as const;
const STEPS = 10;
const TO_HOLD_SECONDS = 60;
const TIMES_LINEAR = 2;
const PROJECT = fileURLToPath(new URL("..", import.meta.url));
const HANDLER = "export const run = async () => ({ id: 'x', total: 0 });\n";

const folder = process.argv[2];
if (folder === undefined || folder.startsWith("--")) await measureAll();
else await synthesise(folder);

/** The measured part. */
async function synthesise(root: string): Promise<void> {
  const begun = performance.now();
  const { context } = JSON.parse(await readFile(join(PROJECT, "cdk.json"), "utf8"));
  const app = await createApp(await loadAgents(root), { outdir: join(root, "cdk.out"), context });
  app.synth();
  const { user, system } = process.cpuUsage();
  process.send?.({ seconds: (performance.now() - begun) / 1_000, cpuSeconds: (user + system) / 1_000_000 });
}

/** Of the clock from bundling on, and of the processor, the start of the process included. */
interface Timing {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

async function measureAll(): Promise<void> {
  const timings: Timing[] = [];
  for (const agents of SIZES) timings.push(await measure(agents));
  const [two = 0, ten = 0] = timings.map(({ seconds }) => seconds);
  const ratio = ten / two;
  const linear = SIZES[1] / SIZES[0];
  const held = ten <= TO_HOLD_SECONDS && ratio <= TIMES_LINEAR * linear;
  const figures = {
    seconds: { [SIZES[0]]: rounded(two), [SIZES[1]]: rounded(ten) },
    cpuSeconds: Object.fromEntries(SIZES.map((agents, index) => [agents, rounded(timings[index]?.cpuSeconds ?? 0)])),
    secondsPerFurtherAgent: rounded((ten - two) / (SIZES[1] - SIZES[0])),
    ratio: rounded(ratio),
    ratioOfLinear: rounded(ratio / linear),
    toHold: { seconds: TO_HOLD_SECONDS, ratioOfLinear: TIMES_LINEAR },
    held,
  };
  if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
  else console.log(figures);
  if (!held) process.exitCode = 1;
}

/** What the app of so many agents takes. */
async function measure(agents: number): Promise<Timing> {
  const root = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  try {
    for (let index = 0; index < agents; index += 1) await declare(root, `generated-${index}`);
    return await new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(import.meta.url), [root], { execArgv: ["--import", "tsx"], silent: true });
      child.once("message", (timing) => resolve(timing as Timing));
      child.stderr?.pipe(process.stderr);
      child.once("exit", (code) => reject(new Error(`Synthesis of ${agents} agents ended with status ${code}.`)));
    });
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function declare(root: string, name: string): Promise<void> {
  const directory = join(root, "functions", name);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "agent.json"), JSON.stringify({ ...generatedAgent(STEPS), name }));
  for (const handler of ["run.ts", "undo.ts"]) await writeFile(join(directory, handler), HANDLER);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
