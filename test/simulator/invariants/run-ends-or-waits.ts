import type { Invariant } from "../evidence.ts";

/** Every run has an execution that has come to an end, but for subflows that their parents have ended without. */
export const runEndsOrWaits: Invariant = ({ runs, stuck }) => [
  ...(stuck === undefined ? [] : [stuck]),
  ...runs.flatMap(({ runId, end, parent, item }) => {
    if (end === undefined && parent !== undefined && item.status === "failed") return [];
    if (end === undefined) return [`${runId} was never started`];
    return end.status === "RUNNING" ? [`${runId} is still running`] : [];
  }),
];
