import { createHash } from "node:crypto";

const digest = (parts: readonly string[], length: number) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, length);

/** The id of the run that an event starts: the same for every event with the same deduplication key. */
export const runIdOf = (agent: string, source: string, detailType: string, dedupeKey: string) =>
  `${agent}-${digest([source, detailType, dedupeKey], 32)}`;

/** The id of the run that a subflow step starts. */
export const subflowRunId = (agent: string, parentRunId: string, path: string) =>
  `${agent}-${digest([parentRunId, path], 32)}`;

/** The agent of a run. */
export const agentOf = (runId: string) => runId.slice(0, runId.lastIndexOf("-"));

/** What the outside world can recognise a repeated effect by: the same for every attempt, 32 hex digits. */
export const idempotencyKey = (runId: string, path: string, visit: number, action = "") =>
  digest([runId, path, String(visit), action], 32);

/** The id of an escalation: it names its run, and it is no secret. The right to decide is the decider's, not the id's. */
export const escalationId = (runId: string, path: string, openedAt: string, tier: number) =>
  `${runId}-${digest([runId, path, openedAt, String(tier)], 16)}`;

export const runOfEscalation = (id: string) => id.slice(0, id.lastIndexOf("-"));
