import type { Violation } from "./evidence.ts";
import { upperBound95 } from "./upper-bound.ts";

/** What came of one seed. */
export interface SeedReport {
  readonly seed: number;
  readonly runs: number;
  readonly faults: number;
  readonly violations: readonly Violation[];
}

/** What came of many. The bound counts a seed with a violation as one run that violates. */
export function sumOf(reports: readonly SeedReport[]) {
  const total = (of: (report: SeedReport) => number) => reports.reduce((sum, report) => sum + of(report), 0);
  const runs = total((report) => report.runs);
  const violating = reports.filter(({ violations }) => violations.length > 0).length;
  return {
    seeds: reports.length,
    runs,
    faults: total((report) => report.faults),
    violations: total(({ violations }) => violations.length),
    upperBound95: upperBound95(runs, violating),
  };
}
