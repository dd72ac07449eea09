import { RUN_STATUSES } from "../../contract/index.ts";
import { loadProject } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../table.ts";
import { withLocalDesk } from "../with-local-desk.ts";

/** Lists runs, newest first. */
export async function runs(
  invocation: Invocation,
  options: { readonly agent?: string; readonly status?: string; readonly limit: number },
): Promise<ExitCode> {
  const { status } = options;
  if (status !== undefined && !RUN_STATUSES.some((known) => known === status)) {
    throw usageError("status-unknown", `There is no status ${status}. Allowed: ${RUN_STATUSES.join(", ")}.`);
  }
  const agents = await loadProject(invocation);
  const named = options.agent === undefined ? agents : agents.filter(({ name }) => name === options.agent);
  if (named.length === 0 && options.agent !== undefined) {
    throw usageError(
      "unknown-agent",
      `There is no agent ${options.agent}. Allowed: ${agents.map(({ name }) => name).join(", ")}.`,
    );
  }
  return withLocalDesk(invocation, agents, { takesUp: false }, async (desk) => {
    const statuses = status === undefined ? RUN_STATUSES : [status];
    const queries = named.flatMap(({ name }) =>
      statuses.map((one) => desk.runs({ agent: name, status: one, limit: options.limit })),
    );
    const rows = (await Promise.all(queries))
      .flat()
      .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))
      .slice(0, options.limit);
    if (invocation.json) invocation.terminal.out(JSON.stringify(rows));
    else if (rows.length === 0) invocation.terminal.out("No runs.");
    else {
      const cells = rows.map((row) => [row.runId, row.status, row.startedAt, row.updatedAt]);
      invocation.terminal.out(table(["run", "status", "started", "updated"], cells));
    }
    return ExitCode.ok;
  });
}
