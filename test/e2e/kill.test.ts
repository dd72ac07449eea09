import { afterAll, describe, expect, it } from "vitest";
import { systemChance } from "../../lib/local/index.ts";
import { commandLine } from "../cli/command-line.ts";
import { holdfast } from "./killable.ts";
import { killAtRandom } from "./random-kills.ts";

/** After how many lines of progress the process dies: the run's id, then a line for each state that is left. */
const LINES = [1, 3, 5];
/** The whole count is `HOLDFAST_KILLS=200`. */
const KILLS = Number(process.env.HOLDFAST_KILLS ?? 3);
/** Gives the same choices; the moments of a process are never quite the same. */
const SEED = process.env.HOLDFAST_SEED ?? systemChance().uuid().slice(0, 8);

const cli = await commandLine();
afterAll(() => cli.remove());

describe("a process killed by SIGKILL", () => {
  it("at any step leaves a run that a repeat completes, with one payment each", async () => {
    let killed = 0;
    for (const line of LINES) {
      const run = ["run", "invoice-desk", "--event", await cli.event("clean", { invoiceId: `KILLED-${line}` })];
      if ((await holdfast(cli.dataDir, run, { line, milliseconds: 0 })).killed) killed += 1;
      const repeat = await holdfast(cli.dataDir, [...run, "--json"]);
      expect(JSON.parse(repeat.out)).toMatchObject({ status: "completed" });
    }
    const payments = (await cli.payments()).map(({ invoiceId }) => invoiceId).sort();
    expect(payments).toEqual(LINES.map((line) => `KILLED-${line}`));
    expect(killed).toBeGreaterThan(0);
  }, 120_000);

  it(
    `${KILLS} times at random leaves nothing stuck, pays what is approved once and what is rejected never (HOLDFAST_SEED=${SEED})`,
    async () => {
      const { wrong, ...report } = await killAtRandom(KILLS, SEED);
      console.info(`HOLDFAST_SEED=${SEED}: ${JSON.stringify(report)}`);
      expect(wrong).toEqual([]);
      expect(report.kills).toBeGreaterThanOrEqual(KILLS);
    },
    KILLS * 10_000 + 120_000,
  );
});
