import { ErrorClass, type RunOutcome } from "../contract/index.ts";
import type { Execution } from "../ports/index.ts";

/** What became of a run, by its execution; undefined while it goes on. */
export function outcomeOf({ status, error }: Pick<Execution, "status" | "error">): RunOutcome | undefined {
  switch (status) {
    case "RUNNING":
    case "PENDING_REDRIVE":
      return undefined;
    case "SUCCEEDED":
      return "completed";
    case "FAILED":
    case "TIMED_OUT":
    case "ABORTED":
      return error === ErrorClass.Abandoned ? "abandoned" : "failed";
  }
}
