import { ErrorClass, type RunOutcome } from "../contract/index.ts";

/** What became of a run, by its execution; undefined while it goes on. */
export function outcomeOf({
  status,
  error,
}: {
  readonly status: string;
  readonly error?: string | undefined;
}): RunOutcome | undefined {
  switch (status) {
    case "RUNNING":
    case "PENDING_REDRIVE":
      return undefined;
    case "SUCCEEDED":
      return "completed";
    default:
      return error === ErrorClass.Abandoned ? "abandoned" : "failed";
  }
}
