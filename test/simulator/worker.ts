import { BUGS } from "./bugs.ts";
import type { SeedReport } from "./seed-report.ts";
import { simulate } from "./simulate.ts";

/** One of the processes that share the seeds: sends a report of each that is its own. */
const share: { first: number; step: number; last: number; bug?: string } = JSON.parse(
  process.env.SIMULATOR_SHARE ?? "{}",
);

for (let seed = share.first; seed <= share.last; seed += share.step) {
  const { runs, faults, violations } = await simulate(seed, {
    bug: share.bug === undefined ? undefined : BUGS[share.bug],
  });
  const report: SeedReport = { seed, runs, faults, violations };
  process.send?.(report);
}
process.disconnect?.();
