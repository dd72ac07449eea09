import { LOG_LEVELS, type LogLevel, type LogLine } from "../../contract/index.ts";
import type { LogQuery } from "../../ports/index.ts";
import { agentOf } from "../../runtime/index.ts";
import { findAgent } from "../agent-names.ts";
import { ExitCode } from "../exit-codes.ts";
import { usageError } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { requireRunId } from "../run-id.ts";
import { parseSince } from "../since.ts";
import { printable, type Terminal } from "../terminal.ts";
import { type SourceOptions, withSource } from "../with-run.ts";

export interface LogsOptions extends SourceOptions {
  readonly level?: string;
  readonly since?: string;
}

/** Prints what was logged of a run, oldest first: as JSON one line for each line. */
export async function logs(invocation: Invocation, id: string, options: LogsOptions): Promise<ExitCode> {
  const { terminal, json } = invocation;
  const level = levelOf(options.level);
  const runId = requireRunId(id);
  await findAgent(invocation.root, agentOf(runId));
  return withSource(invocation, [], options, async (source) => {
    const query: LogQuery = {
      ...(level === undefined ? {} : { level }),
      ...(options.since === undefined ? {} : { since: parseSince(options.since, source.now()) }),
    };
    const lines = await source.logs(runId, query);
    // Says so where there is no such run.
    if (lines.length === 0) await source.facts(runId);
    if (json) for (const line of lines) terminal.out(JSON.stringify(line));
    else terminal.out(lines.length === 0 ? "No lines." : lines.map((line) => shown(terminal, line)).join("\n"));
    return ExitCode.ok;
  });
}

function levelOf(text: string | undefined): LogLevel | undefined {
  const level = LOG_LEVELS.find((known) => known === text?.toUpperCase());
  if (text === undefined || level !== undefined) return level;
  throw usageError(
    "level-unknown",
    `There is no level ${JSON.stringify(text.slice(0, 80))}. Allowed: ${LOG_LEVELS.join(", ")}.`,
  );
}

/** What is the same of every line of a run, or stands at its place. */
const TOLD: readonly string[] = [
  ...["level", "timestamp", "message", "correlation_id", "xray_trace_id", "agent", "step", "path", "attempt"],
];

function shown({ colors }: Terminal, line: LogLine): string {
  const { level, timestamp, message, step, path = step, attempt } = line;
  const paint = { DEBUG: colors.dim, INFO: colors.cyan, WARN: colors.yellow, ERROR: colors.red }[level];
  const place = path === undefined ? "" : `${path}${attempt === undefined || attempt === 1 ? "" : ` (${attempt})`}: `;
  const rest = Object.entries(line).filter(([name]) => !TOLD.includes(name));
  const fields = rest.map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const words = printable(`${place}${message}`);
  return `${colors.dim(printable(timestamp))} ${paint(level.padEnd(5))} ${words}${fields.length === 0 ? "" : colors.dim(`  ${printable(fields.join(" "))}`)}`;
}
