import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { BUGS } from "./bugs.ts";
import { type SeedReport, sumOf } from "./seed-report.ts";
import { simulate } from "./simulate.ts";
import { storyOf } from "./story.ts";
import { simulateAll } from "./workers.ts";

/** Simulates seeds and says what was found. Usage: npm run sim -- --seeds 1000 */
const USAGE = `Usage: npm run sim -- [options]

  --seeds <n>      simulate the seeds 1 to n (default 1000)
  --seed <s>       simulate one seed, and tell what happened in it
  --bug <name>     plant a bug: ${Object.keys(BUGS).join(", ")}
  --workers <n>    processes that share the seeds (default: one a core)
  --json           print the sum as JSON
`;

interface Flags {
  readonly seeds: number;
  readonly seed: number | undefined;
  readonly bug: string | undefined;
  readonly workers: number;
  readonly json: boolean;
}

function readFlags(): Flags {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "1000" },
      seed: { type: "string" },
      bug: { type: "string" },
      workers: { type: "string", default: String(availableParallelism()) },
      json: { type: "boolean", default: false },
    },
  });
  const { bug } = values;
  if (bug !== undefined && !Object.hasOwn(BUGS, bug)) {
    throw new RangeError(`--bug ${bug}: allowed are ${Object.keys(BUGS).join(", ")}`);
  }
  return {
    seeds: whole("--seeds", values.seeds),
    seed: values.seed === undefined ? undefined : whole("--seed", values.seed),
    bug,
    workers: whole("--workers", values.workers),
    json: values.json,
  };
}

function whole(flag: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${flag} ${text}: allowed are whole numbers from 1`);
}

async function oneSeed({ seed = 1, bug, json }: Flags): Promise<SeedReport[]> {
  const { evidence, ...report } = await simulate(seed, { bug: bug === undefined ? undefined : BUGS[bug] });
  if (!json) process.stdout.write(`${storyOf(evidence).join("\n")}\n`);
  return [{ seed, ...report }];
}

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of} seeds${done === of ? "\n" : ""}`);
}

function print(reports: readonly SeedReport[], { json, bug }: Flags): void {
  const sum = sumOf(reports);
  const planted = bug === undefined ? "" : ` --bug ${bug}`;
  const found = reports.flatMap(({ seed, violations }) =>
    violations.map(({ invariant, detail }) => ({
      seed,
      invariant,
      detail,
      replay: `npm run sim -- --seed ${seed}${planted}`,
    })),
  );
  const lines = found.map(
    ({ seed, invariant, detail, replay }) => `${invariant} (seed ${seed}): ${detail}\n  ${replay}\n`,
  );
  if (json) {
    process.stderr.write(lines.join(""));
    process.stdout.write(`${JSON.stringify(sum)}\n`);
    return;
  }
  const percent = `${(100 * sum.upperBound95).toPrecision(2)} %`;
  process.stdout.write(
    `${lines.join("")}${sum.seeds} seeds, ${sum.runs} runs, ${sum.faults} faults, ${sum.violations} violations. ` +
      `With 95 % confidence fewer than ${percent} of such runs violate an invariant.\n`,
  );
}

async function main(): Promise<number> {
  let flags: Flags;
  try {
    flags = readFlags();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return 2;
  }
  const reports = flags.seed === undefined ? await simulateAll(flags, showProgress) : await oneSeed(flags);
  print(reports, flags);
  return reports.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

process.exitCode = await main();
