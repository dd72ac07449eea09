import { ErrorClass, HoldfastError, type Json, type JsonObject } from "../contract/index.ts";
import { type Answer, deliver, isUndelivered } from "./deliver.ts";
import { type Escalation, escalationOf, keyOfEscalation } from "./escalations.ts";
import { violations } from "./json-schema.ts";
import type { PlatformPorts } from "./ports.ts";
import type { Raise } from "./raise.ts";
import { markRun } from "./runs.ts";

export interface Decision {
  readonly id: string;
  readonly decision: string;
  /** Who decides. */
  readonly by: string;
  readonly note: string;
  readonly output?: Json;
  /** With `raise`: what is added to the run's budget. */
  readonly raise?: Raise;
}

const AMOUNT: JsonObject = { type: "number", minimum: 0, maximum: 1_000_000_000 };

const DECISION: JsonObject = {
  type: "object",
  properties: {
    id: { type: "string", maxLength: 200 },
    decision: { type: "string", maxLength: 20 },
    by: { type: "string", minLength: 1, maxLength: 200 },
    note: { type: "string", maxLength: 4_000 },
    raise: {
      type: "object",
      properties: { tokens: AMOUNT, usd: AMOUNT, steps: AMOUNT, wallClockSeconds: AMOUNT },
      additionalProperties: false,
      minProperties: 1,
    },
  },
  required: ["id", "decision", "by", "note"],
};

/** Of the output that stands in for a step's, as JSON: it is kept with the escalation. */
const LARGEST_OUTPUT_BYTES = 100_000;

/**
 * Takes a person's decision, once, and lets the run go on.
 *
 * A decision that is recorded counts, even if this call dies before it has reached the run: whoever decides again is
 * refused, and delivers it, and so does reconcile-runs.
 *
 * @throws Holdfast.Denied with code `unknown`, `late`, `already-decided`, `not-allowed` or `decision-malformed`; nothing is changed then.
 */
export async function decide(
  ports: Pick<PlatformPorts, "store" | "clock" | "chance" | "executions">,
  decision: Decision,
): Promise<Escalation> {
  const malformed = violations(DECISION, JSON.parse(JSON.stringify(decision)));
  if (malformed !== undefined) throw refused("decision-malformed", `This is no decision. ${malformed}`);
  const key = keyOfEscalation(decision.id);
  const item = await ports.store.get(key);
  if (item === undefined) throw refused("unknown", `There is no escalation ${decision.id}.`);
  const now = ports.clock.now();
  const escalation = escalationOf(item, now);
  if (isUndelivered(item)) await deliver(ports, item);
  requireAnswer(escalation, decision);
  const changes = changesOf(decision, new Date(now).toISOString(), ports.chance.uuid());
  const asked = { status: "open", taskToken: String(item.taskToken) };
  const written = await ports.store.update(key, { set: changes }, { kind: "matches", attributes: asked });
  if (!written.applied && written.current?.decisionId !== changes.decisionId) {
    // Only the token has changed: the same question, asked again since.
    if (written.current?.status === "open") return decide(ports, decision);
    throw refused("already-decided", "Somebody has decided in the meantime. A decision counts once.");
  }
  const decided = { ...item, ...changes };
  await markRun(ports, escalation.runId, "running");
  await deliver(ports, decided);
  return escalationOf(decided, now);
}

/** Whether the question is open, and this an answer to it. */
function requireAnswer({ status, decidedBy, decision: before, deadline, incident }: Escalation, given: Decision): void {
  const { decision, output, raise } = given;
  if (status === "decided") {
    throw refused("already-decided", `${decidedBy} has decided already: ${before}. A decision counts once.`);
  }
  if (status === "expired") throw refused("late", `The time to decide was up at ${deadline}.`);
  if (!incident.decisions.includes(decision)) {
    const allowed = incident.decisions.join(", ");
    throw refused("not-allowed", `${decision} is no answer to this. Allowed: ${allowed}.`);
  }
  if (decision === "override" && output === undefined) {
    throw refused("not-allowed", "override needs the output that stands in for the step's.");
  }
  const bytes = Buffer.byteLength(JSON.stringify(output ?? null));
  if (bytes > LARGEST_OUTPUT_BYTES) {
    throw refused(
      "not-allowed",
      `An output of ${bytes} bytes is too large; at most ${LARGEST_OUTPUT_BYTES} are taken.`,
    );
  }
  if ((decision === "raise") !== (raise !== undefined)) {
    throw refused("not-allowed", "raise needs what is added to the budget, and no other decision takes it.");
  }
}

/** What the item is given: the answer, and by which call, so that a call whose answer was lost knows its own. */
function changesOf({ decision, by, note, output, raise }: Decision, at: string, decisionId: string) {
  const answer: Answer = { decision, by, at, note, ...(output === undefined ? {} : { output }) };
  return {
    status: "decided",
    decisionId,
    answer: JSON.stringify(answer),
    decidedAt: at,
    ...(raise === undefined ? {} : { raise: JSON.stringify(raise) }),
  };
}

const refused = (code: string, message: string) => new HoldfastError(ErrorClass.Denied, code, message);
