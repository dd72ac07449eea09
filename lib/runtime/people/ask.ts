import {
  AskedCode,
  actionKey,
  ErrorClass,
  escalationKey,
  groupKey,
  hourKey,
  peopleKey,
  RUN,
  readAsked,
  runKey,
  Table,
  undelivered,
} from "../../contract/index.ts";
import { digestOf, type PeopleEntry, type Tier } from "../../definition/index.ts";
import type { EscalationNotice, Item, RunStore } from "../../ports/index.ts";
import { expiryOf } from "../expiry.ts";
import { RECOMMENDATION, reportedError } from "../function-error.ts";
import { escalationId } from "../identity.ts";
import type { OpenPorts } from "../ports.ts";
import { isFinal, type Question } from "../reason/index.ts";
import { markRun } from "../runs.ts";
import { buildPacket } from "./build-packet.ts";
import { parsed } from "./done-steps.ts";
import { isQuestion } from "./escalation.ts";
import type { Incident } from "./incident.ts";
import { keyOfEscalation } from "./keys.ts";
import type { Packet } from "./packet.ts";
import { redactText } from "./redact.ts";
import { withdraw } from "./silence.ts";

/** What a ladder's state hands over to ask with. */
export interface Ask {
  readonly taskToken: string;
  /** 1 for the first of the state; each has a token and a deadline of its own. */
  readonly attempt: number;
  readonly runId: string;
  readonly ladder: string;
  /** 1 for the first. */
  readonly tier: number;
  /** ISO 8601; the same for every attempt of the state. */
  readonly openedAt: string;
  readonly deadline: string;
  /** Who asked for the run, where the agent tells that: told by the state machine, since steps can write to the RUN item. */
  readonly requester?: string;
  readonly incident: Incident;
}

/**
 * Keeps the question, its packet and its task token, then tells the audience. A later attempt of the state renews token
 * and deadline of the same escalation; an earlier one that comes late changes nothing. Where the question was decided
 * meanwhile, nobody is asked again: the decision counts as undelivered, and reconcile-runs delivers it.
 */
export async function ask(ports: OpenPorts, entry: PeopleEntry, request: Ask): Promise<void> {
  const tier = entry.escalations[request.ladder]?.tiers[request.tier - 1];
  if (tier === undefined)
    throw new RangeError(`${entry.name} has no tier ${request.tier} of ladder ${request.ladder}.`);
  const id = escalationId(request.runId, request.incident.path, request.openedAt, request.tier);
  const known = await ports.store.get(keyOfEscalation(id));
  const item = known ?? (await newItem(ports, entry, tier, { id, ...request }));
  const put =
    known === undefined ? await ports.store.put(item, { kind: "absent" }) : { applied: false, current: known };
  if (put.applied) ports.metrics.record({ agent: entry.name, values: { escalationsOpened: 1 } });
  const isAsked = put.applied || (await renew(ports, request, put.current));
  if (!isAsked) return;
  if (!(await markRun(ports, request.runId, "waiting"))) return withdraw(ports, request.runId);
  await tell(ports, tier, item, request.deadline);
}

/** So much of a run is read to ask about it: what a packet has room for, and no more than a function can hold. */
const MOST_STEPS = 200;
const MOST_ACTIONS = 500;
const MOST_ASKED = 50;

async function newItem(
  { store, clock }: OpenPorts,
  entry: PeopleEntry,
  tier: Tier,
  {
    id,
    taskToken,
    attempt,
    runId,
    ladder,
    tier: number,
    openedAt,
    deadline,
    requester,
    incident,
  }: Ask & { readonly id: string },
): Promise<Item> {
  const [run, steps, actions, before] = await Promise.all([
    store.get({ pk: runKey(runId), sk: RUN }),
    store.query(runKey(runId), "STEP#", MOST_STEPS),
    store.query(runKey(runId), "ACTION#", MOST_ACTIONS),
    store.query(peopleKey(runId), escalationKey(""), MOST_ASKED),
  ]);
  const asked: Incident = {
    ...incident,
    ...(await recordedOf(store, runId, incident)),
    decisions: decisionsOn(incident),
  };
  const packet = buildPacket({
    entry,
    run,
    steps,
    actions,
    before: before.filter(isQuestion),
    request: { id, ladder, tier: number, openedAt, incident: asked },
  });
  const { question } = packet;
  const output = asked.decisions.includes("override") ? entry.steps[incident.step]?.output : undefined;
  return {
    ...keyOfEscalation(id),
    id,
    runId,
    agent: entry.name,
    ladder,
    tier: number,
    audience: tier.audience,
    kind: incident.kind,
    step: incident.step,
    errorClass: incident.error,
    openedAt,
    deadline,
    status: "open",
    [Table.askedIndex.partitionKey]: tier.audience,
    taskToken,
    attempt,
    incident: JSON.stringify(shown(asked, packet)),
    packet: JSON.stringify(packet),
    digest: digestOf(JSON.parse(JSON.stringify(packet))),
    approvals: tier.approvals,
    cap: tier.cap,
    group: digestOf([entry.name, tier.audience, incident.step, incident.error]).slice(0, 16),
    ...(question.requestDigest === null ? {} : { request: question.requestDigest }),
    ...(tier.members === undefined ? {} : { members: JSON.stringify(tier.members) }),
    ...(requester === undefined ? {} : { requester }),
    ...(output === undefined ? {} : { outputSchema: JSON.stringify(output) }),
    ttl: expiryOf(clock),
  };
}

/** An incident without what nobody needs to see, and what may be decided about that. */
function shown({ request, recommendation, cause, ...incident }: Incident, packet: Packet): Incident {
  const { question, error, options } = packet;
  return {
    ...incident,
    decisions: options.map(({ decision }) => decision),
    cause: error === null ? redactText(cause) : `${error.code}: ${error.message}`,
    ...(request === undefined ? {} : { request: question.request }),
    ...(recommendation === undefined ? {} : { recommendation: question.recommendation }),
  };
}

/** State machines visit each step once. */
const VISIT = 1;

/** What a loop asks, for a call or in words, is read where it was recorded: no error and no state carries it. */
async function recordedOf(
  store: RunStore,
  runId: string,
  { step, path, error, cause, call }: Incident,
): Promise<Partial<Incident>> {
  const { code, message } = reportedError(error, cause);
  const asked = call ?? (code === AskedCode.question ? readAsked(message) : undefined);
  if (asked === undefined) return {};
  const item = await store.get({ pk: runKey(runId), sk: actionKey(path, VISIT, asked.asked) });
  const recorded = parsed(item?.result ?? "");
  if (call !== undefined) return { request: recorded };
  const { question = "what was not kept", recommendation } = Object(recorded) as Partial<Question>;
  const advice = recommendation === undefined ? "" : `${RECOMMENDATION}${recommendation}`;
  return { cause: `${code}: Step ${step} asks: ${question}${advice}` };
}

/** Where the run's budget was exceeded, people may raise it, and the step is tried again. What comes to the same end is not tried again. */
function decisionsOn({ error, cause, decisions }: Incident): readonly string[] {
  if (isFinal(reportedError(error, cause).code)) return decisions.filter((decision) => decision !== "retry");
  const raisable = error === ErrorClass.BudgetExceeded && decisions.includes("retry");
  return raisable ? ["raise", ...decisions] : decisions;
}

/** Puts token and deadline of a later attempt in the place of an earlier one's. @returns whether people are asked with this token. */
async function renew(ports: Pick<OpenPorts, "store">, ask: Ask, current: Item | undefined): Promise<boolean> {
  const { taskToken, attempt, deadline } = ask;
  if (current === undefined || Number(current.attempt) >= attempt) {
    return current?.taskToken === taskToken && current.status === "open";
  }
  const written = await ports.store.update(
    current,
    {
      set: { taskToken, attempt, deadline, ...(current.status === "decided" ? toBeDelivered(current) : {}) },
      remove: ["deliveredAt"],
    },
    { kind: "matches", attributes: { status: String(current.status), attempt: Number(current.attempt) } },
  );
  if (!written.applied) return renew(ports, ask, written.current);
  return current.status === "open";
}

const toBeDelivered = ({ agent }: Item) => ({ [Table.askedIndex.partitionKey]: undelivered(String(agent)) });

/**
 * Tells the audience by every channel that the tier has. Beyond the cap of open escalations like ones are announced
 * together, once an hour. What one channel could not tell is kept with the item, as long as another could.
 *
 * @throws what a channel threw, when none could.
 */
async function tell(ports: OpenPorts, { webhook, audience, cap }: Tier, item: Item, deadline: string): Promise<void> {
  const group = (await isStorm(ports, audience, cap, item)) ? String(item.group) : undefined;
  if (group !== undefined && !(await isFirstOfHour(ports, group, item))) {
    await ports.store.update(item, { set: { unannounced: true } }, { kind: "matches" });
    return;
  }
  const notice: EscalationNotice = {
    id: String(item.id),
    agent: String(item.agent),
    runId: String(item.runId),
    step: String(item.step),
    audience,
    deadline,
    ...(group === undefined ? {} : { group }),
  };
  const told = await Promise.allSettled([
    ports.notifier.escalationOpened(notice),
    ...(webhook === undefined ? [] : [ports.webhook(webhook, notice)]),
  ]);
  const failures = told.flatMap((channel) => (channel.status === "rejected" ? [channel.reason as unknown] : []));
  if (failures.length === told.length) throw failures[0];
  for (const failure of failures) {
    ports.metrics.record({ agent: notice.agent, values: { noticesFailed: 1 } });
    const untold = redactText(failure instanceof Error ? failure.message : String(failure)).slice(0, 500);
    await ports.store.update(item, { set: { untold } }, { kind: "matches" });
  }
}

async function isStorm({ store, clock }: OpenPorts, audience: string, cap: number, { id }: Item): Promise<boolean> {
  const open = await store.asked({ audience, limit: cap + 1 });
  const now = clock.now();
  const others = open.filter((other) => other.id !== id);
  return others.filter(({ deadline }) => Date.parse(String(deadline)) > now).length >= cap;
}

/** The first of a group in an hour speaks for it, and so does its repeat. */
async function isFirstOfHour(
  { store, clock }: OpenPorts,
  group: string,
  { id = "", agent = "" }: Item,
): Promise<boolean> {
  const hour = new Date(clock.now()).toISOString().slice(0, 13);
  const marker: Item = { pk: groupKey(String(agent), group), sk: hourKey(hour), id, ttl: expiryOf(clock) };
  const written = await store.put(marker, { kind: "absent" });
  return written.applied || written.current?.id === id;
}
