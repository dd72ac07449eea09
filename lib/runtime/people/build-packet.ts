import { type Json, Ledger, readActionKey } from "../../contract/index.ts";
import { digestOf, type PeopleEntry, type Tier } from "../../definition/index.ts";
import type { Item } from "../../ports/index.ts";
import { RECOMMENDATION, reportedError } from "../function-error.ts";
import { bounded, boundedText, sizeOf } from "./bounded.ts";
import { consequenceOf } from "./consequences.ts";
import { byTime, doneSteps, parsed } from "./done-steps.ts";
import { answerOf, hiddenInRun, incidentOf, inputOf, type RunItems } from "./hidden-values.ts";
import type { Incident } from "./incident.ts";
import { KnownValues } from "./known-values.ts";
import { hiddenInLoop } from "./loop-actions.ts";
import type { Packet } from "./packet.ts";
import { redact } from "./redact.ts";
import { isShownWhole, shownCall } from "./show-call.ts";

export interface PacketSources extends RunItems {
  readonly entry: PeopleEntry;
  /** ACTION items of the run. */
  readonly actions: readonly Item[];
  readonly request: {
    readonly id: string;
    readonly ladder: string;
    readonly tier: number;
    readonly openedAt: string;
    readonly incident: Incident;
  };
}

const PACKET_BYTES = 100 * 1_024;
const REQUEST_BYTES = 48 * 1_024;
const INPUT_BYTES = 8 * 1_024;
const MEMBERS_BYTES = 8 * 1_024;
const MESSAGE_BYTES = 4 * 1_024;
const SENTENCE_BYTES = 1_024;
const NAME_BYTES = 200;
/** Held free for what was done, however large the rest is. */
const DONE_BYTES = 4 * 1_024;
const MOST_ASKED = 20;
const MOST_OPTIONS = 10;
const FEWEST_DIGITS = 4;

/**
 * What people are given to decide by. Nothing is fetched: results that are kept apart are told as such, and what they may
 * hold of sensitive values is not recognised elsewhere.
 *
 * @throws RangeError where the agent has no such tier.
 */
export function buildPacket(sources: PacketSources): Packet {
  const { entry, run } = sources;
  const known = new KnownValues(hiddenValues(sources, true), FEWEST_DIGITS);
  // What is called secret in data from outside, or is a number like another, must not hide what people approve.
  const { shown, incident } = requestOf(sources, new KnownValues(hiddenValues(sources, false)));
  const { error, recommendation } = failureOf(incident, known);
  const frame: Packet = {
    format: 1,
    escalation: escalationOf(sources),
    run: {
      id: String(run?.runId ?? ""),
      agent: entry.name,
      goal: boundedText(entry.purpose, 2 * SENTENCE_BYTES),
      startedAt: run?.startedAt === undefined ? null : String(run.startedAt),
    },
    input: bounded(redact(inputOf(run), entry.input, known), INPUT_BYTES),
    question: {
      kind: incident.kind,
      step: boundedText(incident.step, NAME_BYTES),
      path: boundedText(incident.path, NAME_BYTES),
      text: boundedText(questionOf(incident), SENTENCE_BYTES),
      request: null,
      requestDigest: incident.request === undefined ? null : digestOf(incident.request),
      recommendation,
    },
    error,
    done: [],
    asked: askedBefore(sources),
    options: incident.decisions.slice(0, MOST_OPTIONS).map((decision) => ({
      decision: boundedText(decision, NAME_BYTES),
      consequence: boundedText(consequenceOf(decision, incident, entry.steps[incident.step]?.onReject), SENTENCE_BYTES),
    })),
    spent: spentOf(run),
  };
  const room = PACKET_BYTES - sizeOf(frame) - DONE_BYTES;
  const asked = { ...frame, question: { ...frame.question, request: bounded(shown, Math.min(REQUEST_BYTES, room)) } };
  return { ...asked, ...doneSteps(sources, known, PACKET_BYTES - sizeOf(asked) - SENTENCE_BYTES) };
}

function escalationOf({ entry, request: { id, ladder, tier, openedAt } }: PacketSources): Packet["escalation"] {
  const tiers = entry.escalations[ladder]?.tiers ?? [];
  const own = tiers[tier - 1];
  if (own === undefined) throw new RangeError(`${entry.name} has no tier ${tier} of ladder ${ladder}.`);
  const { audience, approvals } = own;
  return { id, ladder, tier, tiers: tiers.length, audience, openedAt, approvals, members: membersOf(own) };
}

/** For people to read; who may decide is not taken from here. */
function membersOf({ members }: Tier): readonly string[] | null {
  if (members === undefined || sizeOf(members) <= MEMBERS_BYTES) return members ?? null;
  let bytes = SENTENCE_BYTES;
  const shown = members.filter((member) => {
    bytes += sizeOf(member) + 1;
    return bytes <= MEMBERS_BYTES;
  });
  return [...shown, `… and ${members.length - shown.length} more`];
}

function questionOf({ kind, step, error, call, decisions }: Incident): string {
  switch (kind) {
    case "gate":
      if (call === undefined) return `May ${step} write exactly this?`;
      return decisions.includes("approve")
        ? `May ${step} call ${call.tool} with exactly this?`
        : `${step} would call ${call.tool} with more than is shown here, which nobody can approve.`;
    case "approval":
      return "Do you approve?";
    case "failure":
      return `${step} failed: ${error}. What shall be done?`;
    case "compensation":
      return "Some writes could not be undone. Shall it be tried again?";
  }
}

/** What went wrong, and what whoever reported it would do. */
function failureOf(
  { kind, error, cause, attempts, recommendation }: Incident,
  known: KnownValues,
): Pick<Packet, "error"> & { readonly recommendation: Json } {
  const asText = (text: string, bytes: number) => boundedText(String(redact(text, {}, known)), bytes);
  const given = recommendation === undefined ? undefined : bounded(redact(recommendation, {}, known), MESSAGE_BYTES);
  if (kind !== "failure" && kind !== "compensation") return { error: null, recommendation: given ?? null };
  const reported = reportedError(error, cause);
  const end = recommendation === undefined ? reported.message.lastIndexOf(RECOMMENDATION) : -1;
  const message = end < 0 ? reported.message : reported.message.slice(0, end);
  const advice = end < 0 ? null : asText(reported.message.slice(end + RECOMMENDATION.length), MESSAGE_BYTES);
  return {
    error: {
      class: asText(reported.class, NAME_BYTES),
      code: asText(reported.code, NAME_BYTES),
      message: asText(message, MESSAGE_BYTES),
      attempts: attempts ?? null,
    },
    recommendation: given ?? advice,
  };
}

function hiddenValues({ entry, actions, ...items }: PacketSources, byName: boolean): Json[] {
  const inLoops = actions.flatMap(({ sk, result }) =>
    result === undefined ? [] : hiddenInLoop(entry.tools, readActionKey(sk).key, parsed(result), byName),
  );
  return [...hiddenInRun(entry, items, byName), ...inLoops];
}

/** What people may approve. Of a call of a loop, which a model has written, that is nothing of which they are not shown the whole. */
function requestOf({ entry: { tools }, request: { incident } }: PacketSources, known: KnownValues) {
  const { request = null, call, decisions } = incident;
  if (call === undefined) return { shown: redact(request, {}, known), incident };
  const shown = shownCall(request, tools[call.tool]?.input, known);
  if (isShownWhole(request, shown)) return { shown, incident };
  return { shown, incident: { ...incident, decisions: decisions.filter((decision) => decision !== "approve") } };
}

function askedBefore({ before, request: { id, openedAt, incident } }: PacketSources): Packet["asked"] {
  const short = (value: unknown) => boundedText(String(value), NAME_BYTES);
  return before
    .filter((item) => item.id !== id && incidentOf(item).path === incident.path)
    .sort((a, b) => byTime(String(a.openedAt), String(b.openedAt)) || Number(a.tier) - Number(b.tier))
    .slice(-MOST_ASKED)
    .map((item) => {
      const { decision, by } = answerOf(item);
      const isLate = item.status === "open" && String(item.deadline) <= openedAt;
      return {
        id: short(item.id),
        tier: Number(item.tier),
        audience: short(item.audience),
        status: isLate ? "expired" : short(item.status),
        decision: decision === undefined ? null : short(decision),
        decidedBy: by === undefined ? null : short(by),
      };
    });
}

/** Only what the run's budget limits is counted. */
const spentOf = (run: Item | undefined): Packet["spent"] => ({
  ...(run?.[Ledger.tokensLeft] === undefined ? {} : { tokens: Number(run[Ledger.tokensSpent] ?? 0) }),
  ...(run?.[Ledger.microUsdLeft] === undefined ? {} : { usd: Number(run[Ledger.microUsdSpent] ?? 0) / 1_000_000 }),
});
