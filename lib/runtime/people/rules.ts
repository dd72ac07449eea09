import { ErrorClass, HoldfastError, type JsonObject } from "../../contract/index.ts";
import { digestOf } from "../../definition/index.ts";
import type { Item } from "../../ports/index.ts";
import { violations } from "../json-schema.ts";
import type { Decider, Decision } from "./decision.ts";
import { escalationOf, votesOf } from "./escalation.ts";
import { isSamePerson } from "./same-person.ts";

/** Of the output that stands in for a step's, as JSON: it is kept with the escalation. */
const LARGEST_OUTPUT_BYTES = 100_000;

const GROUP = "group:";

/** Whether the question is open, this an answer to it, and theirs to give. @throws Holdfast.Denied */
export function requireAnswer(item: Item, now: number, given: Decision, decider: Decider): void {
  const { status, decidedBy, decision: before, deadline, incident, members, digest } = escalationOf(item, now);
  if (status === "decided") {
    throw refused("already-decided", `${decidedBy} has decided already: ${before}. A decision counts once.`);
  }
  if (status === "expired") {
    const isWithdrawn = Date.parse(deadline) > now;
    throw refused(
      "late",
      isWithdrawn ? "The run no longer waits for this." : `The time to decide was up at ${deadline}.`,
    );
  }
  if (item.requester !== undefined && isSamePerson(String(item.requester), decider.id)) {
    throw refused(
      "self-approval",
      `${decider.id} asked for this run, and so decides nothing about it. Ask a colleague.`,
    );
  }
  requireMember(members, decider);
  if (given.digest !== digest) {
    throw refused("changed", "This is not about what is asked now. Read the escalation again, and decide by that.");
  }
  if (!incident.decisions.includes(given.decision)) {
    const allowed = incident.decisions.join(", ");
    throw refused("not-allowed", `${given.decision} is no answer to this. Allowed: ${allowed}.`);
  }
  const own = votesOf(item).find(({ by, content }) => isSamePerson(by, decider.id) && content === contentOf(given));
  if (own !== undefined) {
    throw refused("already-decided", `${decider.id} has decided so at ${own.at}. Now others must.`);
  }
  requireRaise(given);
  requireOutput(item, given);
}

/** Who may decide may read, and nobody else where a tier names its members. @throws Holdfast.Denied */
export function requireMember(members: readonly string[] | null, decider: Decider): void {
  if (isAmong(members, decider)) return;
  throw refused("not-allowed", `${decider.id} is not among those who may decide: ${members?.join(", ")}.`);
}

export const isAmong = (members: readonly string[] | null, decider: Decider) =>
  members === null || members.some((member) => isMember(member, decider));

/** Digest of what is decided: two who give the same decide alike. */
export const contentOf = ({ decision, output = null, raise }: Decision) =>
  digestOf({ decision, output, raise: { ...raise } });

function isMember(member: string, { id, groups }: Decider): boolean {
  return member.startsWith(GROUP) ? groups.includes(member.slice(GROUP.length)) : isSamePerson(member, id);
}

function requireRaise({ decision, raise }: Decision): void {
  if ((decision === "raise") !== (raise !== undefined)) {
    throw refused("not-allowed", "raise needs what is added to the budget, and no other decision takes it.");
  }
}

function requireOutput(item: Item, { decision, output }: Decision): void {
  if (decision !== "override") {
    if (output === undefined) return;
    throw refused("not-allowed", `${decision} takes no output; only override does.`);
  }
  if (output === undefined)
    throw refused(
      "invalid-output",
      "override needs the output that stands in for the step's: on the command line, --output <file>.",
    );
  const bytes = Buffer.byteLength(JSON.stringify(output));
  if (bytes > LARGEST_OUTPUT_BYTES) {
    const message = `An output of ${bytes} bytes is too large; at most ${LARGEST_OUTPUT_BYTES} are taken.`;
    throw refused("invalid-output", message);
  }
  if (item.outputSchema === undefined) return;
  const wrong = violations(JSON.parse(String(item.outputSchema)) as JsonObject, output);
  if (wrong !== undefined) {
    throw refused("invalid-output", `This is not what step ${item.step} puts out. ${wrong} Nothing was decided.`);
  }
}

export const refused = (code: string, message: string) => new HoldfastError(ErrorClass.Denied, code, message);
