import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { bundleSteps, loadOverhead } from "./step/bundles.ts";
import { measureInit } from "./step/init-time.ts";
import { type Figures, inJson, inWords } from "./step/print.ts";

/**
 * Prints what Holdfast costs a step: time around its handler, bytes of its bundle, and time to load it, beside a handler
 * without Holdfast. Usage: npm run bench:step [-- --json]
 */
function isForPrograms(): boolean {
  try {
    return parseArgs({ options: { json: { type: "boolean", default: false } } }).values.json;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${message}\nAllowed: --json, or nothing.\n`);
    process.exit(2);
  }
}

const say = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`);
};

async function measure(): Promise<Figures> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-bench-step-"));
  try {
    say("bundling");
    const { measureOverhead } = await loadOverhead(join(directory, "overhead"));
    const overhead = await measureOverhead((done, of) => {
      if (done % 50 === 0) say(`steps: ${done} of ${of}`);
    });
    say("bundling again");
    const bundles = await bundleSteps(join(directory, "bundles"));
    const init = await measureInit(bundles, (done, of) => say(`init: ${done} of ${of} rounds`));
    return { overhead, bundles, init };
  } finally {
    say("");
    await rm(directory, { recursive: true, force: true });
  }
}

const print = isForPrograms() ? inJson : inWords;
process.stdout.write(`${print(await measure())}\n`);
