import { escalationKey, type JsonObject, peopleKey } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { PlatformPorts } from "../ports.ts";
import { answerOf } from "./escalation.ts";
import { type Raise, raiseBudget } from "./raise.ts";

type Ports = Pick<PlatformPorts, "store" | "clock" | "executions">;

/**
 * Lets a run go on with the decision that an escalation's item holds: raises the budget where that was decided, answers
 * the waiting state, and marks the decision as delivered once that is sure. Repeating it changes nothing: a token is
 * answered once.
 */
export async function deliver(ports: Ports, item: Item): Promise<void> {
  const outcome = await ports.executions.answer(String(item.taskToken), await carriedOut(ports, item));
  // A token that is gone may have been answered before, or be an older one: the newer one comes to the item.
  if (outcome === "gone" && ports.clock.now() < Date.parse(String(item.deadline))) return;
  await markDelivered(ports, item);
}

/** The same where the state machine asks for the decision itself. @returns what it is told. */
export async function handOver(ports: Pick<Ports, "store" | "clock">, item: Item): Promise<JsonObject> {
  const answer = await carriedOut(ports, item);
  await markDelivered(ports, item);
  return answer;
}

/** Raises the budget where that was decided. @returns what the state machine is told. */
async function carriedOut(ports: Pick<Ports, "store">, item: Item): Promise<JsonObject> {
  const answer = answerOf(item);
  if (item.raise === undefined) return { ...answer };
  await raiseBudget(ports, String(item.runId), String(item.id), JSON.parse(String(item.raise)) as Raise);
  // What people call a raise is, to the state machine, another attempt.
  return { ...answer, decision: "retry" };
}

async function markDelivered({ store, clock }: Pick<Ports, "store" | "clock">, item: Item): Promise<void> {
  const deliveredAt = new Date(clock.now()).toISOString();
  const same = { status: "decided", taskToken: String(item.taskToken) };
  await store.update(item, { set: { deliveredAt } }, { kind: "matches", attributes: same });
}

/** Delivers what was decided for a run and, as far as is known, never delivered. One that fails keeps no other back. */
export async function deliverAll(ports: Ports, runId: string): Promise<void> {
  const items = await ports.store.query(peopleKey(runId), escalationKey(""));
  const outcomes = await Promise.allSettled(items.filter(isUndelivered).map((item) => deliver(ports, item)));
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}

export const isUndelivered = (item: Item) => item.status === "decided" && item.deliveredAt === undefined;
