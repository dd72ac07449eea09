import type { LocalPlatform } from "../local/index.ts";
import { HistoryReader } from "../local/index.ts";
import { reportedError } from "../runtime/index.ts";
import { isPaused } from "./report/failed-tries.ts";
import { printable, type Terminal } from "./terminal.ts";

/** Tells, as it happens, what the runs of a platform do. Returns a function that stops it. */
export function showProgress({ err, colors }: Terminal, platform: LocalPlatform): () => void {
  const readers = new Map<string, HistoryReader>();
  return platform.watch((runId, event) => {
    const reader = readers.get(runId) ?? new HistoryReader();
    readers.set(runId, reader);
    const visit = reader.read(event);
    const type = event.type ?? "";
    if (type === "ExecutionStarted") err(colors.dim(`  ${runId}`));
    if (visit === undefined) {
      // The state was entered before this process began to watch.
      const left = event.stateExitedEventDetails?.name;
      if (left !== undefined) err(`  ${colors.green("✓")} ${left}`);
      return;
    }
    const name = visit.state.padEnd(24);
    if (type === "TaskScheduled" && visit.attempts > 1)
      err(`  ${colors.yellow("↻")} ${name} attempt ${visit.attempts}`);
    if (type === "TaskSubmitted") err(`  ${colors.yellow("…")} ${name} waits for an answer`);
    if (type === "TaskFailed") {
      const { error, cause } = event.taskFailedEventDetails ?? {};
      const failure = reportedError(String(error), String(cause ?? ""));
      const { class: errorClass, code, message } = failure;
      if (isPaused(failure)) err(`  ${colors.yellow("‖")} ${name} ${printable(code)}`);
      else err(`  ${colors.red("✗")} ${name} ${printable(`${errorClass} ${code}: ${message}`)}`);
    }
    if (type.endsWith("StateExited") && !visit.failed) {
      err(
        `  ${colors.green("✓")} ${name} ${colors.dim(`${(visit.exitedAt ?? visit.enteredAt) - visit.enteredAt} ms`)}`,
      );
    }
  });
}
