import { escalationKey, type Json, type JsonObject, runKey } from "../contract/index.ts";
import type { Item } from "../ports/index.ts";
import type { PlatformPorts } from "./ports.ts";
import { type Raise, raiseBudget } from "./raise.ts";

type Ports = Pick<PlatformPorts, "store" | "clock" | "executions">;

/** What the item of a decided escalation keeps for the state machine. */
export interface Answer extends JsonObject {
  readonly decision: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly note: string;
}

/**
 * Lets a run go on with the decision that an escalation's item holds: raises the budget where that was decided, answers
 * the waiting state, and marks the decision as delivered once that is sure. Repeating it changes nothing: a token is
 * answered once.
 */
export async function deliver(ports: Ports, item: Item): Promise<void> {
  const { pk, sk } = item;
  const runId = String(item.runId);
  const answer = JSON.parse(String(item.answer)) as Answer & { readonly output?: Json };
  if (item.raise !== undefined)
    await raiseBudget(ports, runId, String(item.id), JSON.parse(String(item.raise)) as Raise);
  // What people call a raise is, to the state machine, another attempt.
  const toMachine = item.raise === undefined ? answer : { ...answer, decision: "retry" };
  const outcome = await ports.executions.answer(String(item.taskToken), toMachine);
  // A token that is gone may have been answered before, or be an older one: the newer one comes to the item.
  if (outcome === "gone" && ports.clock.now() < Date.parse(String(item.deadline))) return;
  await ports.store.update(
    { pk, sk },
    { set: { deliveredAt: new Date(ports.clock.now()).toISOString() } },
    { kind: "matches", attributes: { status: "decided", taskToken: String(item.taskToken) } },
  );
}

/** Delivers what was decided for a run and, as far as is known, never delivered. One that fails keeps no other back. */
export async function deliverAll(ports: Ports, runId: string): Promise<void> {
  const items = await ports.store.query(runKey(runId), escalationKey(""));
  const outcomes = await Promise.allSettled(items.filter(isUndelivered).map((item) => deliver(ports, item)));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

export const isUndelivered = (item: Item) => item.status === "decided" && item.deliveredAt === undefined;
