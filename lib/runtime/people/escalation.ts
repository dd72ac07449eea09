import { type Json, Table } from "../../contract/index.ts";
import type { Item } from "../../ports/index.ts";
import type { Incident } from "./incident.ts";
import type { Packet } from "./packet.ts";

/** An escalation as lists show it. */
export interface EscalationSummary {
  readonly id: string;
  readonly runId: string;
  readonly agent: string;
  readonly ladder: string;
  readonly tier: number;
  readonly audience: string;
  readonly step: string;
  readonly kind: Incident["kind"];
  readonly status: EscalationStatus;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly deadline: string;
  /** The same for escalations of the same agent, step and error class to the same audience. */
  readonly group: string;
  /** Who may decide; null where anybody may who is let in. */
  readonly members: readonly string[] | null;
  /** How many must decide alike, and who has decided what so far. */
  readonly approvals: number;
  readonly votes: readonly Vote[];
}

/** An escalation as people see it. The task token stays in the store. */
export interface Escalation extends EscalationSummary {
  readonly incident: Incident;
  /** Of the packet: a decision names it, and so says what it is about. */
  readonly digest: string;
  readonly decision: string | null;
  readonly decidedBy: string | null;
  /** Why a channel could not tell the audience, while another could. */
  readonly untold: string | null;
}

export type EscalationStatus = "open" | "decided" | "expired";

/** What one person has decided where several must decide alike. */
export interface Vote {
  readonly by: string;
  readonly decision: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What the item of a decided escalation keeps for the state machine. */
export interface Answer {
  readonly decision: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
  readonly note: string;
  /** Digest of the request that was approved. */
  readonly request?: string;
  readonly output?: Json;
}

/** A vote as it is kept. */
export interface KeptVote extends Vote {
  /** Of the call, so that one whose answer was lost knows its own. */
  readonly id: string;
  /** Digest of all that was decided: votes that have the same are alike. */
  readonly content: string;
  /** Where from, and why. */
  readonly from: string;
  readonly note: string;
}

/** An escalation as of now, as the index of those that wait shows it. */
export function summaryOf(item: Item, now: number): EscalationSummary {
  return {
    id: String(item.id),
    runId: String(item.runId),
    agent: String(item.agent),
    ladder: String(item.ladder),
    tier: Number(item.tier),
    audience: String(item.audience),
    step: String(item.step),
    kind: item.kind as Incident["kind"],
    status: statusOf(item, now),
    openedAt: String(item.openedAt),
    deadline: String(item.deadline),
    group: String(item.group),
    members: item.members === undefined ? null : (JSON.parse(String(item.members)) as string[]),
    approvals: Number(item.approvals),
    votes: votesOf(item).map(({ by, decision, at }) => ({ by, decision, at })),
  };
}

/** An escalation as of now. */
export function escalationOf(item: Item, now: number): Escalation {
  const answer = item.answer === undefined ? undefined : answerOf(item);
  return {
    ...summaryOf(item, now),
    incident: incidentOf(item),
    digest: String(item.digest),
    decision: answer?.decision ?? null,
    decidedBy: answer?.by ?? null,
    untold: item.untold === undefined ? null : String(item.untold),
  };
}

const statusOf = ({ status, deadline }: Item, now: number): EscalationStatus =>
  status === "decided" ? "decided" : status === "expired" || Date.parse(String(deadline)) <= now ? "expired" : "open";

export const votesOf = ({ votes = "[]" }: Item) => JSON.parse(String(votes)) as readonly KeptVote[];
export const incidentOf = ({ incident }: Item) => JSON.parse(String(incident)) as Incident;
export const answerOf = ({ answer }: Item) => JSON.parse(String(answer)) as Answer;
export const packetOf = ({ packet }: Item) => JSON.parse(String(packet)) as Packet;

/** Takes an escalation out of the list of those that wait, for people or for their decision to be delivered. */
export const NO_LONGER_ASKED = [Table.askedIndex.partitionKey];

/** Whether people were asked; if not, the item only says that they will not be. */
export const isQuestion = ({ incident }: Item) => incident !== undefined;
