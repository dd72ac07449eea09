import { agentOf } from "../../runtime/index.ts";
import { loadProject } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { printReport, reportOf, statusExitCode } from "../print-report.ts";
import { withPlatform } from "../with-platform.ts";

/** Continues every open run until it ends or waits for people. Exit 1: one of them failed; else 3: one waits for people. */
export async function resume(invocation: Invocation): Promise<ExitCode> {
  const agents = await loadProject(invocation);
  return withPlatform(invocation, agents, [], async (platform) => {
    const runIds = await platform.resume();
    await Promise.all(runIds.map((runId) => platform.settled(runId)));
    const reports = [];
    for (const runId of runIds) {
      const agent = agents.find(({ name }) => name === agentOf(runId));
      if (agent !== undefined) reports.push(await reportOf(platform, agent.document, runId));
    }
    if (invocation.json) invocation.terminal.out(JSON.stringify(reports));
    else if (reports.length === 0) invocation.terminal.out("No run is open.");
    else for (const report of reports) printReport(invocation, report, platform);
    const codes = reports.map(({ status }) => statusExitCode(status));
    return WORST_FIRST.find((code) => codes.includes(code)) ?? ExitCode.ok;
  });
}

const WORST_FIRST = [ExitCode.failed, ExitCode.waiting];
