/** Where a run stands. All but `running` and `waiting` are final. */
export const RUN_STATUSES = ["running", "waiting", "completed", "failed", "abandoned"] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];
