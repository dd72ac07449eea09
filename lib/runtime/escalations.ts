import { ErrorClass, escalationKey, HoldfastError, type Json, type JsonObject, runKey } from "../contract/index.ts";
import type { Item } from "../ports/index.ts";
import { expiryOf } from "./expiry.ts";
import { escalationId, runOfEscalation } from "./identity.ts";
import { violations } from "./json-schema.ts";
import type { PlatformPorts } from "./ports.ts";
import { type Raise, raiseBudget } from "./raise.ts";
import { markRun } from "./runs.ts";

/** What a ladder's state hands over. */
export interface EscalationRequest {
  readonly taskToken: string;
  readonly runId: string;
  readonly agent: string;
  readonly ladder: string;
  readonly tier: number;
  readonly audience: string;
  /** ISO 8601; the same for every attempt of the state. */
  readonly openedAt: string;
  readonly withinSeconds: number;
  readonly incident: Incident;
}

/** Why people are asked, and what they may answer. */
export interface Incident {
  readonly kind: "failure" | "gate" | "approval" | "compensation";
  readonly step: string;
  readonly path: string;
  readonly error: string;
  readonly cause: string;
  readonly request?: Json;
  readonly decisions: readonly string[];
}

/** An escalation as people see it. The task token stays in the store. */
export interface Escalation
  extends Pick<EscalationRequest, "runId" | "agent" | "ladder" | "tier" | "audience" | "incident"> {
  readonly id: string;
  readonly status: "open" | "decided" | "expired";
  /** ISO 8601. */
  readonly openedAt: string;
  readonly deadline: string;
  readonly decision: string | null;
  readonly decidedBy: string | null;
}

/** Keeps the question and its task token, then tells the audience. A repeat renews the token of the same escalation. */
export async function openEscalation(
  ports: Pick<PlatformPorts, "store" | "clock" | "notifier">,
  request: EscalationRequest,
): Promise<void> {
  const { runId, agent, ladder, tier, audience, incident, openedAt } = request;
  const id = escalationId(runId, incident.path, openedAt, tier);
  const deadline = new Date(Date.parse(openedAt) + request.withinSeconds * 1_000).toISOString();
  await ports.store.put({
    pk: runKey(runId),
    sk: escalationKey(id),
    id,
    runId,
    agent,
    ladder,
    tier,
    audience,
    openedAt,
    deadline,
    status: "open",
    taskToken: request.taskToken,
    incident: JSON.stringify({ ...incident, decisions: decisionsOn(incident) }),
    ttl: expiryOf(ports.clock),
  });
  await markRun(ports, runId, "waiting");
  await ports.notifier.escalationOpened({ id, agent, runId, step: incident.step, audience, deadline });
}

/** Where a budget was exceeded, people may raise it, and the step is tried again. */
function decisionsOn({ error, decisions }: Incident): readonly string[] {
  const raisable = error === ErrorClass.BudgetExceeded && decisions.includes("retry");
  return raisable ? ["raise", ...decisions] : decisions;
}

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

/**
 * Takes a person's decision, once, and lets the run go on.
 *
 * @throws Holdfast.Denied with code `unknown`, `late`, `already-decided`, `not-allowed` or `decision-malformed`; nothing is changed then.
 */
export async function decide(
  ports: Pick<PlatformPorts, "store" | "clock" | "executions">,
  decision: Decision,
): Promise<Escalation> {
  const malformed = violations(DECISION, JSON.parse(JSON.stringify(decision)));
  if (malformed !== undefined) throw refused("decision-malformed", `This is no decision. ${malformed}`);
  const key = { pk: runKey(runOfEscalation(decision.id)), sk: escalationKey(decision.id) };
  const item = await ports.store.get(key);
  if (item === undefined) throw refused("unknown", `There is no escalation ${decision.id}.`);
  const now = ports.clock.now();
  const escalation = escalationOf(item, now);
  if (escalation.status === "decided") {
    throw refused(
      "already-decided",
      `${escalation.decidedBy} has decided already: ${escalation.decision}. A decision counts once.`,
    );
  }
  if (escalation.status === "expired") throw refused("late", `The time to decide was up at ${escalation.deadline}.`);
  const allowed = escalation.incident.decisions;
  if (!allowed.includes(decision.decision)) {
    throw refused("not-allowed", `${decision.decision} is no answer to this. Allowed: ${allowed.join(", ")}.`);
  }
  if (decision.decision === "override" && decision.output === undefined) {
    throw refused("not-allowed", "override needs the output that stands in for the step's.");
  }
  const { raise } = decision;
  if ((decision.decision === "raise") !== (raise !== undefined)) {
    throw refused("not-allowed", "raise needs what is added to the budget, and no other decision takes it.");
  }
  const at = new Date(now).toISOString();
  const answer: JsonObject = { decision: decision.decision, by: decision.by, at, note: decision.note };
  const changes = { status: "decided", answer: JSON.stringify(answer), decidedAt: at };
  const written = await ports.store.update(key, { set: changes }, { kind: "matches", attributes: { status: "open" } });
  if (!written.applied)
    throw refused("already-decided", "Somebody has decided in the meantime. A decision counts once.");
  if (raise !== undefined) await raiseBudget(ports, escalation.runId, decision.id, raise);
  await markRun(ports, escalation.runId, "running");
  const taken = raise === undefined ? answer : { ...answer, decision: "retry" };
  const output = { ...taken, ...(decision.output === undefined ? {} : { output: decision.output }) };
  await ports.executions.answer(String(item.taskToken), output);
  return escalationOf({ ...item, ...changes }, now);
}

/** The escalations of a run, oldest first. */
export async function escalationsOf(
  { store, clock }: Pick<PlatformPorts, "store" | "clock">,
  runId: string,
): Promise<Escalation[]> {
  const items = await store.query(runKey(runId), escalationKey(""));
  const now = clock.now();
  return items
    .map((item) => escalationOf(item, now))
    .sort((a, b) => (a.openedAt === b.openedAt ? a.tier - b.tier : a.openedAt < b.openedAt ? -1 : 1));
}

function escalationOf(item: Item, now: number): Escalation {
  const answer = item.answer === undefined ? undefined : (JSON.parse(String(item.answer)) as Record<string, string>);
  const expired = Date.parse(String(item.deadline)) <= now;
  return {
    id: String(item.id),
    runId: String(item.runId),
    agent: String(item.agent),
    ladder: String(item.ladder),
    tier: Number(item.tier),
    audience: String(item.audience),
    openedAt: String(item.openedAt),
    deadline: String(item.deadline),
    status: answer !== undefined ? "decided" : expired ? "expired" : "open",
    decision: answer?.decision ?? null,
    decidedBy: answer?.by ?? null,
    incident: JSON.parse(String(item.incident)) as Incident,
  };
}

const refused = (code: string, message: string) => new HoldfastError(ErrorClass.Denied, code, message);
