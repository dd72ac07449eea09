import { agentStatus, type Json, RUN, type RunStatus, runKey } from "../contract/index.ts";
import type { Clock, Item, RunStore } from "../ports/index.ts";
import { agentOf } from "./identity.ts";

interface Ports {
  readonly store: RunStore;
  readonly clock: Clock;
}

const keyOf = (runId: string) => ({ pk: runKey(runId), sk: RUN });

/** Closed runs are kept this long, in days; then the table forgets them. */
const KEPT_DAYS = 90;

/**
 * Writes the RUN item of a new run, with the input of its execution, from which it can be started again after a crash.
 * Repeating it changes nothing. Answers with the item that is there.
 */
export async function openRun(
  { store, clock }: Ports,
  runId: string,
  executionInput: Json,
): Promise<{ isNew: boolean; item: Item }> {
  const now = new Date(clock.now()).toISOString();
  const agent = agentOf(runId);
  const item: Item = {
    ...keyOf(runId),
    runId,
    agent,
    status: "running",
    open: true,
    agentStatus: agentStatus(agent, "running"),
    startedAt: now,
    updatedAt: now,
    executionInput: JSON.stringify(executionInput),
  };
  const written = await store.put(item, { kind: "absent" });
  return written.applied ? { isNew: true, item } : { isNew: false, item: written.current ?? item };
}

/** Says that an open run waits for people, or goes on. Changes nothing once the run is closed. */
export async function markRun(ports: Ports, runId: string, status: "running" | "waiting"): Promise<void> {
  await ports.store.update(keyOf(runId), changes(ports, runId, status), isOpen);
}

/**
 * Gives a run its final status. The first to close it decides, but for one thing: a run that its last step closed as
 * completed may still fail on its way out, and the failure stands.
 */
export async function closeRun(ports: Ports, runId: string, status: FinalStatus): Promise<void> {
  const ttl = Math.ceil(ports.clock.now() / 1_000) + KEPT_DAYS * 86_400;
  const closing = { ...changes(ports, runId, status), open: false, ttl };
  const closed = await ports.store.update(keyOf(runId), closing, isOpen);
  if (closed.applied || status === "completed" || closed.current?.status !== "completed") return;
  await ports.store.update(keyOf(runId), closing, { kind: "matches", attributes: { status: "completed" } });
}

type FinalStatus = Exclude<RunStatus, "running" | "waiting">;

const isOpen = { kind: "matches", attributes: { open: true } } as const;

const changes = ({ clock }: Ports, runId: string, status: RunStatus) => ({
  status,
  agentStatus: agentStatus(agentOf(runId), status),
  updatedAt: new Date(clock.now()).toISOString(),
});
