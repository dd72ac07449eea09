import { ErrorClass } from "../../../lib/contract/index.ts";
import type { Invariant } from "../evidence.ts";

/** The RUN item says of every run what became of its execution. */
export const runItemClosed: Invariant = ({ runs }) =>
  runs.flatMap(({ runId, item, end }) => {
    if (end === undefined || end.status === "RUNNING") return [];
    const expected = expectedStatus(end);
    const isClosed = item.status === expected && item.open === false;
    return isClosed ? [] : [`${runId} ended ${end.status} ${end.error ?? ""} and its item says ${item.status}`];
  });

function expectedStatus({ status, error }: { readonly status: string; readonly error?: string }): string {
  if (status === "SUCCEEDED") return "completed";
  return error === ErrorClass.Abandoned ? "abandoned" : "failed";
}
