/** Keys of the runs table: a versioned contract. */
export const Table = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Seconds since the epoch; set when a run is closed. */
  timeToLive: "ttl",
  /** Sparse: RUN items only. */
  runsIndex: { name: "runs", partitionKey: "agentStatus", sortKey: "startedAt" },
} as const;

export const runKey = (runId: string) => `RUN#${runId}`;
export const RUN = "RUN";
export const stepKey = (path: string, visit: number) => `STEP#${path}#${visit}`;
export const actionKey = (path: string, visit: number, key: string) => `ACTION#${path}#${visit}#${key}`;
export const escalationKey = (id: string) => `ESCALATION#${id}`;
/** The checkpoint path of what undoes a step. */
export const undoPath = (path: string) => `${path}~undo`;
export const agentStatus = (agent: string, status: string) => `${agent}#${status}`;
