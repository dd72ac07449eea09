import { escalationKey, type Json, peopleKey, SILENT } from "../../contract/index.ts";
import type { PeopleEntry } from "../../definition/index.ts";
import type { Item, Key } from "../../ports/index.ts";
import { expiryOf } from "../expiry.ts";
import { escalationId } from "../identity.ts";
import type { OpenPorts } from "../ports.ts";
import { markRun } from "../runs.ts";
import { handOver } from "./deliver.ts";
import { type Answer, incidentOf, isQuestion, NO_LONGER_ASKED } from "./escalation.ts";
import { keyOfEscalation } from "./keys.ts";

/** A tier whose time is up. */
export interface Silence {
  readonly runId: string;
  readonly ladder: string;
  readonly tier: number;
  readonly openedAt: string;
  readonly path: string;
}

/**
 * Ends the time of a tier: from now on nobody can decide. What was decided before counts, even if its delivery came too
 * late for the state that waited. Repeating it gives the same answer.
 *
 * @returns what was decided, else what the ladder says for silence, if that is an answer to what was asked.
 */
export async function silence(ports: OpenPorts, entry: PeopleEntry, silent: Silence): Promise<Json> {
  const { runId, ladder, tier, openedAt, path } = silent;
  const key = keyOfEscalation(escalationId(runId, path, openedAt, tier));
  const ended = await end(ports, key);
  if (ended?.status === "decided") {
    await markRun(ports, runId, "running");
    return handOver(ports, ended);
  }
  const declared = entry.escalations[ladder];
  if (declared !== undefined && tier < declared.tiers.length) return { decision: SILENT, tier };
  await markRun(ports, runId, "running");
  const otherwise = ANSWERS.find((answer) => answer === declared?.otherwise);
  const isAnswer = otherwise !== undefined && ended !== undefined && mayStandFor(ended, otherwise);
  return isAnswer ? { ...answerInTheirPlace(ladder, otherwise, ended) } : { decision: SILENT, tier };
}

/** What a ladder can decide in people's place; the rest of what it may say for silence is the state machine's. */
const ANSWERS = ["approve", "reject"] as const;

/** Nothing is approved of which nobody was told. */
const mayStandFor = (item: Item, otherwise: string) =>
  incidentOf(item).decisions.includes(otherwise) && (otherwise !== "approve" || item.unannounced !== true);

/** The question once nobody can decide it any more, or as decided; where nobody was asked yet, nobody will be. */
async function end(ports: Pick<OpenPorts, "store" | "clock">, key: Key): Promise<Item | undefined> {
  const unasked: Item = {
    ...key,
    status: "expired",
    taskToken: "",
    attempt: Number.MAX_SAFE_INTEGER,
    ttl: expiryOf(ports.clock),
  };
  const known = await ports.store.get(key);
  const written = known === undefined ? await ports.store.put(unasked, { kind: "absent" }) : undefined;
  const item = written?.applied === false ? written.current : known;
  return item === undefined || !isQuestion(item) ? undefined : expire(ports, item);
}

/** The item once nobody can decide any more, or as decided. */
async function expire({ store, clock }: Pick<OpenPorts, "store" | "clock">, item: Item): Promise<Item> {
  if (item.status !== "open") return item;
  const open = { kind: "matches", attributes: { status: "open" } } as const;
  const expired = { status: "expired", expiredAt: new Date(clock.now()).toISOString() };
  const written = await store.update(item, { set: expired, remove: NO_LONGER_ASKED }, open);
  return written.applied ? { ...item, ...expired } : (written.current ?? item);
}

function answerInTheirPlace(ladder: string, decision: string, item: Item): Answer {
  const request = item.request === undefined ? {} : { request: String(item.request) };
  return { decision, by: `ladder ${ladder}`, at: String(item.deadline), note: "Nobody answered in time.", ...request };
}

/** Ends every question of a run, for which nobody waits any more. Repeating it changes nothing. */
export async function withdraw(ports: Pick<OpenPorts, "store" | "clock">, runId: string): Promise<void> {
  const items = await ports.store.query(peopleKey(runId), escalationKey(""));
  for (const item of items) await expire(ports, item);
}
