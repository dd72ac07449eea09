import { ErrorClass } from "../contract/index.ts";
import type { PlatformPorts } from "./ports.ts";
import { closeRun } from "./runs.ts";

/** How Step Functions says that an execution changed its status. */
export interface ExecutionStatusChange {
  readonly name: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED" | "PENDING_REDRIVE";
  readonly error?: string;
}

/**
 * Closes the RUN item of an execution that ended without its last step doing so, or that failed after it had. Repeats and
 * late events change nothing.
 */
export async function reconcileRun(
  ports: Pick<PlatformPorts, "store" | "clock">,
  { name, status, error }: ExecutionStatusChange,
): Promise<void> {
  switch (status) {
    case "RUNNING":
    case "PENDING_REDRIVE":
      return;
    case "SUCCEEDED":
      return closeRun(ports, name, "completed");
    case "FAILED":
    case "TIMED_OUT":
    case "ABORTED":
      return closeRun(ports, name, error === ErrorClass.Abandoned ? "abandoned" : "failed");
  }
}
