import { spawn } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { commandLine } from "../cli/command-line.ts";

/** After how many lines of progress the process dies: the run's id, then a line for each state that is left. */
const MOMENTS = [1, 2, 3, 4, 5];

const cli = await commandLine();
afterAll(() => cli.remove());

/** Runs the command line in a process of its own, and kills it once it has told of so much progress. */
function holdfast(
  args: string[],
  killAfterLines = Number.POSITIVE_INFINITY,
): Promise<{ killed: boolean; out: string }> {
  const child = spawn(process.execPath, ["bin/holdfast.mjs", "--data-dir", cli.dataDir, ...args]);
  let out = "";
  let lines = 0;
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr.on("data", (chunk: Buffer) => {
    lines += chunk.toString().split("\n").length - 1;
    if (lines >= killAfterLines) child.kill("SIGKILL");
  });
  return new Promise((resolve) => {
    child.on("close", (_, signal) => resolve({ killed: signal === "SIGKILL", out }));
  });
}

describe("a process killed by SIGKILL", () => {
  it("at any step leaves a run that a repeat completes, with one payment each", async () => {
    let killed = 0;
    for (const moment of MOMENTS) {
      const run = ["run", "invoice-desk", "--event", await cli.event("clean", { invoiceId: `KILLED-${moment}` })];
      if ((await holdfast(run, moment)).killed) killed += 1;
      const repeat = await holdfast([...run, "--json"]);
      expect(JSON.parse(repeat.out)).toMatchObject({ status: "completed" });
    }
    const payments = (await cli.payments()).map(({ invoiceId }) => invoiceId).sort();
    expect(payments).toEqual(MOMENTS.map((moment) => `KILLED-${moment}`));
    expect(killed).toBeGreaterThan(0);
  });
});
