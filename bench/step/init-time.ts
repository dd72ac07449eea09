import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { Environment } from "../../lib/contract/index.ts";
import { seededChance } from "../../lib/local/index.ts";
import type { Bundle, Bundles } from "./bundles.ts";
import { median, rounded, shuffled } from "./statistics.ts";

/** DESIGN: of a step's init time to that of the bare handler. */
export const LIMIT_RATIO = 1.2;

const ROUNDS = 21;
/** The first process reads what the others find in the page cache. */
const WARM_UP_ROUNDS = 1;

const ENVIRONMENT = {
  [Environment.table]: "runs",
  [Environment.claims]: "s3://claims/",
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "nobody",
  AWS_SECRET_ACCESS_KEY: "nothing",
  // The SDK deprecates versions of Node before those that Lambda runs.
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
};

const SCRIPT = `
const cpu = process.cpuUsage();
const started = performance.now();
await import(process.argv[1]);
const wallMs = performance.now() - started;
const { user, system } = process.cpuUsage(cpu);
process.stdout.write(JSON.stringify({ wallMs, cpuMs: (user + system) / 1_000 }));
`;

/** Milliseconds of importing a bundle: by the clock, and of the processors, which is disturbed less by what else runs. */
interface Init {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Pair {
  readonly own: Init;
  readonly bare: Init;
}

/** A step's bundle beside the bare handler's; medians. */
export interface Comparison {
  readonly bundle: string;
  readonly pairs: number;
  readonly own: Init;
  readonly bare: Init;
  readonly ratioOfMedians: number;
  readonly medianOfRatios: number;
  readonly medianOfCpuRatios: number;
}

export interface InitFigures {
  readonly bare: Init;
  readonly steps: readonly Comparison[];
}

const execute = promisify(execFile);

async function initOf({ file }: Bundle): Promise<Init> {
  const options = ["--input-type=module", "--eval", SCRIPT, pathToFileURL(file).href];
  const { stdout } = await execute(process.execPath, options, { env: ENVIRONMENT });
  return JSON.parse(stdout) as Init;
}

/** One after the other, the bare handler's first or last by turns. */
async function pairOf(bare: Bundle, step: Bundle, isBareFirst: boolean): Promise<Pair> {
  if (isBareFirst) return { bare: await initOf(bare), own: await initOf(step) };
  const own = await initOf(step);
  return { own, bare: await initOf(bare) };
}

/**
 * Imports every step's bundle in fresh processes, each time together with the bare handler's.
 *
 * @param progress called with the rounds done and the rounds to do.
 */
export async function measureInit(
  { bare, steps }: Bundles,
  progress: (done: number, of: number) => void,
): Promise<InitFigures> {
  const chance = seededChance("init");
  const measured = steps.map((step) => ({ step, pairs: [] as Pair[] }));
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round += 1) {
    for (const { step, pairs } of shuffled(measured, chance)) {
      const pair = await pairOf(bare, step, round % 2 === 0);
      if (round >= WARM_UP_ROUNDS) pairs.push(pair);
    }
    progress(round + 1, WARM_UP_ROUNDS + ROUNDS);
  }
  return {
    bare: middleOf(measured.flatMap(({ pairs }) => pairs.map((pair) => pair.bare))),
    steps: measured.map(({ step, pairs }) => comparisonOf(step.name, pairs)),
  };
}

function comparisonOf(bundle: string, pairs: readonly Pair[]): Comparison {
  const own = middleOf(pairs.map((pair) => pair.own));
  const bare = middleOf(pairs.map((pair) => pair.bare));
  return {
    bundle,
    pairs: pairs.length,
    own,
    bare,
    ratioOfMedians: rounded(own.wallMs / bare.wallMs, 3),
    medianOfRatios: rounded(median(pairs.map((pair) => pair.own.wallMs / pair.bare.wallMs)), 3),
    medianOfCpuRatios: rounded(median(pairs.map((pair) => pair.own.cpuMs / pair.bare.cpuMs)), 3),
  };
}

const middleOf = (inits: readonly Init[]): Init => ({
  wallMs: rounded(median(inits.map(({ wallMs }) => wallMs)), 1),
  cpuMs: rounded(median(inits.map(({ cpuMs }) => cpuMs)), 1),
});
