import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { printRun } from "../print-run.ts";
import { runReport } from "../report/run-report.ts";
import { type SourceOptions, withRun } from "../with-run.ts";

/** Shows where a run stands, and how it came there. */
export async function show(invocation: Invocation, id: string, options: SourceOptions): Promise<ExitCode> {
  const { terminal, json } = invocation;
  return withRun(invocation, id, options, async (source, { document }, runId) => {
    const report = runReport(document, await source.facts(runId));
    terminal.out(
      json ? JSON.stringify(report) : printRun(terminal, report, { ...source, ...options, now: source.now() }),
    );
    return ExitCode.ok;
  });
}
