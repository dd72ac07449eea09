import { type HistoryEvent, HistoryReader, type LocalPlatform, type StateVisit } from "../local/index.ts";
import { reportedError } from "../runtime/index.ts";
import { isPaused } from "./report/failed-tries.ts";
import { oneLine, printable, type Terminal } from "./terminal.ts";

/** Tells, as it happens, what the runs of a platform do, under the id of each. Returns a function that stops it. */
export function showProgress({ err, colors }: Terminal, platform: LocalPlatform): () => void {
  const readers = new Map<string, HistoryReader>();
  let told: string | undefined;
  return platform.watch((runId, event, isPast) => {
    const reader = readers.get(runId) ?? new HistoryReader();
    readers.set(runId, reader);
    const visit = reader.read(event);
    const line = visit === undefined ? undefined : lineOf(colors, event, visit);
    if (isPast || (line === undefined && event.type !== "ExecutionStarted")) return;
    if (runId !== told) err(colors.dim(`  ${runId}`));
    told = runId;
    if (line !== undefined) err(`  ${line}`);
  });
}

/** What people are told of an event, if anything. */
function lineOf(colors: Terminal["colors"], event: HistoryEvent, visit: StateVisit): string | undefined {
  const { type = "" } = event;
  const name = visit.state.padEnd(24);
  if (type === "TaskScheduled" && visit.attempts > 1) return `${colors.yellow("↻")} ${name} attempt ${visit.attempts}`;
  if (type === "TaskSubmitted") return `${colors.yellow("…")} ${name} waits for an answer`;
  if (type === "TaskFailed") {
    const { error, cause } = event.taskFailedEventDetails ?? {};
    const failure = reportedError(String(error), String(cause ?? ""));
    const { class: errorClass, code, message } = failure;
    if (isPaused(failure)) return `${colors.yellow("‖")} ${name} ${printable(code)}`;
    return `${colors.red("✗")} ${name} ${oneLine(`${errorClass} ${code}: ${message}`)}`;
  }
  if (!type.endsWith("StateExited") || visit.failed) return undefined;
  return `${colors.green("✓")} ${name} ${colors.dim(`${(visit.exitedAt ?? visit.enteredAt) - visit.enteredAt} ms`)}`;
}
