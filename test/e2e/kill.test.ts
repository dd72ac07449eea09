import { spawn } from "node:child_process";
import { afterAll, describe, expect, it } from "vitest";
import { commandLine } from "../cli/command-line.ts";

const MOMENTS = 6;
/** After this long, in milliseconds, an undisturbed run is surely over. */
const SURELY_OVER = 20_000;

const cli = await commandLine();
afterAll(() => cli.remove());

function holdfast(args: string[], killAfter: number): Promise<{ killed: boolean; ms: number; out: string }> {
  const from = performance.now();
  const child = spawn(process.execPath, ["bin/holdfast.mjs", "--data-dir", cli.dataDir, ...args], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), killAfter);
  return new Promise((resolve) => {
    child.on("close", (_, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === "SIGKILL", ms: performance.now() - from, out });
    });
  });
}

describe("a process killed by SIGKILL", () => {
  it(`at any of ${MOMENTS} moments leaves a run that a repeat completes, with one payment each`, async () => {
    const warmUp = await holdfast(
      ["run", "invoice-desk", "--event", await cli.event("clean", { invoiceId: "WARM-UP" }), "--json"],
      SURELY_OVER,
    );
    let killed = 0;
    for (let moment = 1; moment <= MOMENTS; moment += 1) {
      const event = await cli.event("clean", { invoiceId: `KILLED-${moment}` });
      const run = ["run", "invoice-desk", "--event", event, "--json"];
      const first = await holdfast(run, warmUp.ms * (0.55 + (0.4 * moment) / MOMENTS));
      if (first.killed) killed += 1;
      const second = await holdfast(run, SURELY_OVER);
      expect(JSON.parse(second.out)).toMatchObject({ status: "completed" });
    }
    const payments = (await cli.payments()).map(({ invoiceId }) => invoiceId).sort();
    const events = Array.from({ length: MOMENTS }, (_, index) => `KILLED-${index + 1}`);
    expect(payments).toEqual([...events, "WARM-UP"].sort());
    expect(killed).toBeGreaterThan(0);
  });
});
