import type { RunStatus } from "../contract/index.ts";
import type { AgentDocument } from "../definition/index.ts";
import type { LocalDesk } from "../local/index.ts";
import { ExitCode } from "./exit-codes.ts";
import type { Invocation } from "./invocation.ts";
import { decideCommand } from "./report/decide-command.ts";
import { type RunReport, runReport } from "./report/run-report.ts";
import { statusColor } from "./status-color.ts";
import { table } from "./table.ts";
import { oneLine, printable } from "./terminal.ts";

export async function reportOf(desk: LocalDesk, document: AgentDocument, runId: string): Promise<RunReport> {
  return runReport(document, await desk.facts(runId));
}

export function statusExitCode(status: RunStatus): ExitCode {
  if (status === "completed") return ExitCode.ok;
  return status === "waiting" ? ExitCode.waiting : ExitCode.failed;
}

/** Prints a run: for machines as one line of JSON, for people as its steps and what they can do next. */
export function printReport(
  { terminal, json }: Invocation,
  report: RunReport,
  { isElsewhere }: Pick<LocalDesk, "isElsewhere">,
): void {
  if (json) {
    terminal.out(JSON.stringify(report));
    return;
  }
  const { colors } = terminal;
  const steps = report.steps.map(({ path, kind, status, attempts, ms }) => [path, kind, status, attempts, `${ms} ms`]);
  const { transitions, invocations, storeWrites, storeReads } = report.usage;
  terminal.out(
    [
      `${colors.bold(report.runId)}  ${statusColor(colors, report.status)(report.status)}`,
      "",
      indented(table(["step", "kind", "status", "attempts", "took"], steps)),
      "",
      ...(report.error === null
        ? []
        : [
            `  ${colors.red(printable(report.error.class))} ${oneLine(`${report.error.code}: ${report.error.message}`)}`,
            "",
          ]),
      ...(report.status === "completed" ? [`  output ${printable(JSON.stringify(report.output))}`, ""] : []),
      ...report.escalations.flatMap((asked) => [
        `  ${asked.step} waits for ${printable(asked.audience)} until ${asked.deadline} (${asked.decisions.join(", ")}); answer with`,
        `    ${decideCommand(asked, asked.decisions[0])}`,
        "",
      ]),
      ...(isGoingOn(report) ? [`  ${isElsewhere ? UNDER_WAY : NOT_UNDER_WAY}`, ""] : []),
      colors.dim(
        `  ${transitions} transitions, ${invocations} invocations, ${storeWrites} store writes, ${storeReads} reads`,
      ),
    ].join("\n"),
  );
}

/** Whether it takes a process to go on, and no people. */
export const isGoingOn = ({ status, escalations }: RunReport): boolean =>
  status === "running" || (status === "waiting" && escalations.length === 0);

const UNDER_WAY = "under way in holdfast dev; look again with npx holdfast show";
const NOT_UNDER_WAY = "not under way in this process; continue it with npx holdfast resume";

const indented = (text: string) => text.replaceAll(/^/gm, "  ");
