import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemChance } from "../../../../lib/local/system-chance.ts";

export interface KillReport {
  readonly kills: number;
  readonly executions: number;
  /** Tasks that began again after history had said, durably, that they had succeeded. */
  readonly repeated: readonly string[];
  /** Outputs that were not as they had to be. */
  readonly wrong: readonly string[];
}

/** Runs victims, killing them at random moments, until so many kills are done; each victim is then left to finish. */
export async function killRepeatedly(kills: number, runs = 12): Promise<KillReport> {
  const report = { kills: 0, executions: 0, repeated: [] as string[], wrong: [] as string[] };
  while (report.kills < kills) {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-kill-"));
    while (!(await runOnce(folder, runs, report.kills < kills))) report.kills += 1;
    const log = readFileSync(join(folder, "log"), "utf8").trim().split("\n");
    report.executions += runs;
    report.repeated.push(...repeatedIn(log));
    report.wrong.push(...log.filter((line) => line.startsWith("wrong")));
    rmSync(folder, { recursive: true });
  }
  return report;
}

/** @returns whether the victim has finished. */
async function runOnce(folder: string, runs: number, mayKill: boolean): Promise<boolean> {
  const child = spawn(process.execPath, ["--import", "tsx", VICTIM, folder, String(runs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit");
  if (mayKill) await killSoon(child);
  const [code, signal] = await ended;
  if (signal === null && code !== 0) throw new Error(`The victim failed with exit code ${code}.`);
  return signal === null;
}

const VICTIM = fileURLToPath(new URL("victim.ts", import.meta.url));

/** Within the start, the resumption or the work. */
async function killSoon(child: ChildProcess): Promise<void> {
  const { random } = systemChance();
  if (random() < 0.8) await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
  await new Promise((resolve) => setTimeout(resolve, random() * 600));
  child.kill("SIGKILL");
}

function repeatedIn(log: readonly string[]): string[] {
  const durable = new Set<string>();
  return log.filter((line) => {
    const [kind, run = "", ...rest] = line.split(" ");
    if (kind === "durable") durable.add(`${run} ${taskOf(rest.join(" "))}`);
    return kind === "begin" && durable.has(`${run} ${rest.join(" ").replace(/ \d+$/, "")}`);
  });
}

/** From the output of a task that has succeeded. */
function taskOf(output: string): string {
  const { Payload } = JSON.parse(output.startsWith("{") ? output : "{}");
  return typeof Payload === "string" ? Payload.replace(/^did /, "") : "ask";
}
