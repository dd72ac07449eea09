import { ErrorClass, escalationKey, type Json, runKey } from "../contract/index.ts";
import type { Item, Key } from "../ports/index.ts";
import { expiryOf } from "./expiry.ts";
import { escalationId, runOfEscalation } from "./identity.ts";
import type { PlatformPorts } from "./ports.ts";
import { markRun } from "./runs.ts";

/** What a ladder's state hands over. */
export interface EscalationRequest {
  readonly taskToken: string;
  /** 1 for the first of the state; each has a token of its own. */
  readonly attempt: number;
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

/**
 * Keeps the question and its task token, then tells the audience. A later attempt of the state renews the token of the
 * same escalation; an earlier one that comes late changes nothing. Where the question was decided meanwhile, nobody is
 * asked again: the decision counts as undelivered, and reconcile-runs delivers it.
 */
export async function openEscalation(
  ports: Pick<PlatformPorts, "store" | "clock" | "notifier">,
  request: EscalationRequest,
): Promise<void> {
  const { runId, agent, ladder, tier, audience, incident, openedAt, taskToken, attempt } = request;
  const id = escalationId(runId, incident.path, openedAt, tier);
  const deadline = new Date(Date.parse(openedAt) + request.withinSeconds * 1_000).toISOString();
  const item: Item = {
    ...keyOfEscalation(id),
    id,
    runId,
    agent,
    ladder,
    tier,
    audience,
    openedAt,
    deadline,
    status: "open",
    taskToken,
    attempt,
    incident: JSON.stringify({ ...incident, decisions: decisionsOn(incident) }),
    ttl: expiryOf(ports.clock),
  };
  const put = await ports.store.put(item, { kind: "absent" });
  const isAsked = put.applied || (await renew(ports, item, put.current));
  if (!isAsked) return;
  await markRun(ports, runId, "waiting");
  await ports.notifier.escalationOpened({ id, agent, runId, step: incident.step, audience, deadline });
}

/** Puts the token of a later attempt in the place of an earlier one's. @returns whether people are asked with this token. */
async function renew(
  ports: Pick<PlatformPorts, "store">,
  { pk, sk, taskToken = "", attempt = 0 }: Item,
  current: Item | undefined,
): Promise<boolean> {
  if (current === undefined || Number(current.attempt) >= Number(attempt)) {
    return current?.taskToken === taskToken && current.status === "open";
  }
  const written = await ports.store.update(
    { pk, sk },
    { set: { taskToken, attempt }, remove: ["deliveredAt"] },
    { kind: "matches", attributes: { status: String(current.status), attempt: Number(current.attempt) } },
  );
  if (!written.applied) return renew(ports, { pk, sk, taskToken, attempt }, written.current);
  return current.status === "open";
}

/** Where a budget was exceeded, people may raise it, and the step is tried again. */
function decisionsOn({ error, decisions }: Incident): readonly string[] {
  const raisable = error === ErrorClass.BudgetExceeded && decisions.includes("retry");
  return raisable ? ["raise", ...decisions] : decisions;
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

/** An escalation as of now. */
export function escalationOf(item: Item, now: number): Escalation {
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

export const keyOfEscalation = (id: string): Key => ({ pk: runKey(runOfEscalation(id)), sk: escalationKey(id) });
