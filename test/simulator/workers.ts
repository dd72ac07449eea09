import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { SeedReport } from "./seed-report.ts";

export interface Share {
  readonly seeds: number;
  readonly workers: number;
  readonly bug: string | undefined;
}

/** Simulates the seeds 1 to `seeds`, shared out among processes. Seeds come back in order. @throws Error when a process fails. */
export async function simulateAll(
  { seeds, workers, bug }: Share,
  onProgress: (done: number, of: number) => void,
): Promise<SeedReport[]> {
  const reports: SeedReport[] = [];
  const count = Math.min(workers, seeds);
  const work = (first: number) =>
    new Promise<void>((resolve, reject) => {
      const child = fork(fileURLToPath(new URL("worker.ts", import.meta.url)), {
        env: { ...process.env, SIMULATOR_SHARE: JSON.stringify({ first, step: count, last: seeds, bug }) },
      });
      child.on("message", (report) => {
        reports.push(report as SeedReport);
        onProgress(reports.length, seeds);
      });
      child.on("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`A worker ended with exit code ${code}.`)),
      );
    });
  await Promise.all(Array.from({ length: count }, (_, index) => work(index + 1)));
  return reports.sort((left, right) => left.seed - right.seed);
}
