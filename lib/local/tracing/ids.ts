import { createHash } from "node:crypto";

/**
 * Ids of what a run's history tells of. They follow from the run, so that a process that takes it up again says the same
 * under the same ids.
 */
export const traceIdOf = (runId: string, startedAt: number): string =>
  `1-${Math.floor(startedAt / 1_000)
    .toString(16)
    .padStart(8, "0")}-${digest(["trace", runId], 24)}`;

export const machineId = (runId: string) => digest(["machine", runId], 16);
/** @param eventId of the entry of the state. */
export const visitId = (runId: string, eventId: number) => digest(["visit", runId, String(eventId)], 16);
/** @param eventId of the scheduling of the task. */
export const callId = (runId: string, eventId: number) => digest(["call", runId, String(eventId)], 16);
export const exceptionId = (segmentId: string) => digest(["exception", segmentId], 16);

const digest = (parts: readonly string[], length: number) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, length);
