import { type JsonObject, undelivered } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { PlatformPorts } from "../ports.ts";
import { answerOf, NO_LONGER_ASKED } from "./escalation.ts";
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
  const delivered = { set: { deliveredAt }, remove: NO_LONGER_ASKED };
  await store.update(item, delivered, { kind: "matches", attributes: same });
}

/** At most so many at a time; the rest is for the next. */
const AT_ONCE = 100;

/**
 * Delivers what was decided about runs of an agent and, as far as is known, never delivered. Repeating it changes nothing.
 *
 * @returns what went wrong with single decisions, which keep no other back.
 */
export async function deliverAll(ports: Ports, agent: string): Promise<readonly unknown[]> {
  const listed = await ports.store.asked({ audience: undelivered(agent), limit: AT_ONCE });
  const outcomes = await Promise.allSettled(
    listed.map(async (summary) => {
      const item = await ports.store.get(summary);
      if (item !== undefined && isUndelivered(item)) await deliver(ports, item);
    }),
  );
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
}

export const isUndelivered = (item: Item) => item.status === "decided" && item.deliveredAt === undefined;
