import { RUN_STATUSES } from "../../contract/index.ts";
import { withRunList } from "../../local/run-list.ts";
import type { RunList, RunSummary } from "../../ports/index.ts";
import { agentNames } from "../agent-names.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { parseSince } from "../since.ts";
import { table } from "../table.ts";

export interface RunsOptions {
  readonly agent?: string;
  readonly status?: string;
  readonly since?: string;
  readonly limit: number;
  readonly stack?: string;
}

/** Lists runs, newest first. No agent's module is loaded for it, and no run taken up. */
export async function runs(invocation: Invocation, options: RunsOptions): Promise<ExitCode> {
  const { status, stack } = options;
  if (status !== undefined && !RUN_STATUSES.some((known) => known === status)) {
    throw usageError("status-unknown", `There is no status ${status}. Allowed: ${RUN_STATUSES.join(", ")}.`);
  }
  const agents = await agentNames(invocation.root, options.agent);
  const list = (source: RunList) => newest(source, agents, options);
  const listed =
    stack === undefined
      ? await withRunList(invocation.dataDir, list)
      : await list(await (await import("../stack-runs.ts")).stackRuns(stack));
  print(invocation, listed);
  return ExitCode.ok;
}

/** Of all agents and statuses asked for, each asked for no more than is shown in all. */
async function newest(
  source: RunList,
  agents: readonly string[],
  { status, since, limit }: RunsOptions,
): Promise<readonly RunSummary[]> {
  const started = since === undefined ? {} : { startedAfter: parseSince(since, source.now()) };
  const statuses = status === undefined ? RUN_STATUSES : [status];
  const queries = agents.flatMap((agent) =>
    statuses.map((each) => source.runs({ agent, status: each, ...started, limit })),
  );
  return (await Promise.all(queries))
    .flat()
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
    .slice(0, limit);
}

function print({ terminal, json }: Invocation, rows: readonly RunSummary[]): void {
  if (json) terminal.out(JSON.stringify(rows));
  else if (rows.length === 0) terminal.out("No runs.");
  else {
    const cells = rows.map((row) => [row.runId, row.status, row.startedAt, row.updatedAt]);
    terminal.out(table(["run", "status", "started", "updated"], cells));
  }
}
