import { agentOf } from "../../runtime/index.ts";
import { findAgent, loadAgent } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { printReport, reportOf } from "../print-report.ts";
import { withLocalDesk } from "../with-local-desk.ts";

/** Shows where a run stands. */
export async function show(invocation: Invocation, runId: string): Promise<ExitCode> {
  await findAgent(invocation.root, agentOf(runId));
  const agent = await loadAgent(invocation.root, agentOf(runId));
  return withLocalDesk(invocation, [agent], { takesUp: false }, async (desk) => {
    printReport(invocation, await reportOf(desk, agent.document, runId), desk);
    return ExitCode.ok;
  });
}
