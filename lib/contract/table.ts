/** Keys of the runs table: a versioned contract. */
export const Table = {
  partitionKey: "pk",
  sortKey: "sk",
  /** Seconds since the epoch, later than any run can last; a RUN item has it once it is closed. */
  timeToLive: "ttl",
  /** Sparse: RUN items only. */
  runsIndex: {
    name: "runs",
    partitionKey: "agentStatus",
    sortKey: "startedAt",
    /** What it shows beyond the keys: `holdfast runs` reads the index alone. */
    projected: ["agent", "runId", "status", "updatedAt"],
  },
  /** Sparse: ESCALATION items that wait for people, or whose decision has not reached its run. */
  askedIndex: {
    name: "asked",
    partitionKey: "askedOf",
    sortKey: "openedAt",
    /** What it shows beyond the keys: nothing that only a decision needs, and no packet. */
    projected: [
      ...["id", "runId", "agent", "ladder", "tier", "audience", "deadline", "status", "kind", "step", "errorClass"],
      ...["group", "cap", "members", "approvals", "votes"],
    ],
  },
} as const;

export const runKey = (runId: string) => `RUN#${runId}`;
export const RUN = "RUN";
export const stepKey = (path: string, visit: number) => `STEP#${path}#${visit}`;
export const actionKey = (path: string, visit: number, key: string) => `ACTION#${path}#${visit}#${key}`;
/** Reads such a key. Only the path can have a # of its own, before an item's index. */
export function readActionKey(sk: string) {
  const [, path = "", visit = "", key = ""] = /^ACTION#([\s\S]*)#(\d+)#([^#]*)$/.exec(sk) ?? [];
  return { path, visit: Number(visit), key };
}
/** An attempt that failed, at its end in ISO 8601. */
export const failureKey = (path: string, visit: number, at = "") => `FAILURE#${path}#${visit}#${at}`;
/** Ways that the state machine took last, before the end at this path. */
export const trailKey = (path: string, at: string) => `TRAIL#${path}#${at}`;
/** What people are asked about a run, out of reach of its steps. */
export const peopleKey = (runId: string) => `PEOPLE#${runId}`;
export const escalationKey = (id: string) => `ESCALATION#${id}`;
export const refusalKey = (escalationId: string, at: string, uuid: string) => `REFUSAL#${escalationId}#${at}#${uuid}`;
/** In place of an audience, where a decision has not reached its run yet. No audience has control characters. */
export const undelivered = (agent: string) => `\u0001undelivered ${agent}`;
/** Where it is kept that a group of like escalations was announced in an hour, such as `2026-01-31T09`. */
export const groupKey = (agent: string, group: string) => `GROUP#${agent}#${group}`;
export const hourKey = (hour: string) => `HOUR#${hour}`;
/** Where the whole fleet keeps the breakers of an agent's tools, out of reach of its runs' items. */
export const breakerKey = (agent: string) => `BREAKER#${agent}`;
export const toolKey = (tool: string) => `TOOL#${tool}`;
/** The checkpoint path of what undoes a step. */
export const undoPath = (path: string) => `${path}~undo`;
export const isUndoPath = (path: string) => path.endsWith(undoPath(""));
export const agentStatus = (agent: string, status: string) => `${agent}#${status}`;

/** Attributes of a RUN item in which its budget is kept. Money is in millionths of a US dollar; what has no limit is absent. */
export const Ledger = {
  tokensLeft: "tokensLeft",
  microUsdLeft: "microUsdLeft",
  tokensSpent: "tokensSpent",
  microUsdSpent: "microUsdSpent",
  /** What people have added to the declared steps and wall-clock seconds. */
  stepsRaised: "stepsRaised",
  secondsRaised: "secondsRaised",
  /** Ids of the runs, separated by spaces, whose budgets a subflow's run spends of besides its own. */
  above: "ledgersAbove",
} as const;
/** What an attempt holds of the budget, as sequence, tokens and money. */
export const holdAttribute = (path: string, visit: number, attempt: string) => `hold#${path}#${visit}#${attempt}`;
/** Marks that the raise of a decision has been booked. */
export const raiseAttribute = (escalationId: string) => `raise#${escalationId}`;
