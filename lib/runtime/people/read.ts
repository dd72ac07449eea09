import { ErrorClass, escalationKey, HoldfastError, peopleKey } from "../../contract/index.ts";
import type { Clock, Item, RunStore } from "../../ports/index.ts";
import {
  type Escalation,
  type EscalationSummary,
  escalationOf,
  isQuestion,
  packetOf,
  summaryOf,
} from "./escalation.ts";
import { keyOfEscalation } from "./keys.ts";
import type { Packet } from "./packet.ts";

interface Ports {
  readonly store: RunStore;
  readonly clock: Pick<Clock, "now">;
}

/** An escalation with what people decide by. @throws Holdfast.Denied with code `unknown`. */
export async function readEscalation(
  { store, clock }: Ports,
  id: string,
): Promise<{ escalation: Escalation; packet: Packet }> {
  const item = await itemOf({ store }, id);
  return { escalation: escalationOf(item, clock.now()), packet: packetOf(item) };
}

/** The item of an escalation. @throws Holdfast.Denied with code `unknown`. */
export async function itemOf({ store }: Pick<Ports, "store">, id: string): Promise<Item> {
  const item = await store.get(keyOfEscalation(id));
  if (item !== undefined && isQuestion(item)) return item;
  throw new HoldfastError(ErrorClass.Denied, "unknown", `There is no escalation ${id.slice(0, 200)}.`);
}

/** The escalations of a run, oldest first. */
export async function escalationsOf({ store, clock }: Ports, runId: string): Promise<Escalation[]> {
  const items = await store.query(peopleKey(runId), escalationKey(""));
  const now = clock.now();
  return items
    .filter(isQuestion)
    .map((item) => escalationOf(item, now))
    .sort(byAge);
}

/** At most so many of each audience are listed. */
const LISTED = 1_000;

/** The open escalations of some audiences, oldest first. */
export async function askedOf({ store, clock }: Ports, audiences: readonly string[]): Promise<EscalationSummary[]> {
  const items = await Promise.all([...new Set(audiences)].map((audience) => store.asked({ audience, limit: LISTED })));
  const now = clock.now();
  return items
    .flat()
    .map((item) => summaryOf(item, now))
    .filter(({ status }) => status === "open")
    .sort(byAge);
}

const byAge = (a: EscalationSummary, b: EscalationSummary) =>
  a.openedAt === b.openedAt ? a.tier - b.tier : a.openedAt < b.openedAt ? -1 : 1;
