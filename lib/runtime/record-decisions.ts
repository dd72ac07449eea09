import { type Decided, runKey, trailKey } from "../contract/index.ts";
import type { Clock, RunStore } from "../ports/index.ts";
import { expiryOf } from "./expiry.ts";
import { keptWays } from "./kept-event.ts";
import { closeRun } from "./runs.ts";

/** The ways that the state machine took since a function last kept them, before an end that has no function. */
export interface DecisionsRequest {
  readonly runId: string;
  /** Of the end. */
  readonly path: string;
  /** ISO 8601: the same for every attempt. */
  readonly at: string;
  readonly decided: readonly Decided[];
  /** The run ends with this. */
  readonly final?: boolean;
}

/** Keeps what was decided; closes the run where it ends with that. Repeating it changes nothing. */
export async function recordDecisions(
  ports: { readonly store: RunStore; readonly clock: Clock },
  request: DecisionsRequest,
): Promise<void> {
  const { runId, path, at, decided, final } = request;
  const kept = keptWays(decided);
  if (kept.decided !== undefined) {
    await ports.store.put({ pk: runKey(runId), sk: trailKey(path, at), path, ...kept, ttl: expiryOf(ports.clock) });
  }
  if (final === true) await closeRun(ports, runId, "completed");
}
