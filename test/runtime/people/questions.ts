import { ErrorClass } from "../../../lib/contract/index.ts";
import { type AgentDocument, checkAgent, type PeopleEntry, peopleEntry } from "../../../lib/definition/index.ts";
import type { RunStore } from "../../../lib/ports/index.ts";
import { type Decider, escalationsOf, type Incident, openEscalation, openRun } from "../../../lib/runtime/index.ts";
import { testPorts } from "../../fakes/ports.ts";

export const RUN_ID = `desk-${"0".repeat(31)}1`;
export const OPENED_AT = "2026-01-01T00:00:00.000Z";
export const SECRET_TOKEN = "AQCEAAAAKgAAAAMAAAAA-the-task-token";

const MATCHED = { type: "object", properties: { verdict: { type: "string" } }, required: ["verdict"] };

/** The people of an agent with a step of each kind that asks them. */
export function peopleOf(tier: object = {}, ladder: object = {}): PeopleEntry {
  const result = checkAgent({
    holdfast: 1,
    name: "desk",
    purpose: "Pays invoices.",
    requester: "requestedBy",
    input: {
      type: "object",
      properties: { requestedBy: { type: "string" }, iban: { type: "string", sensitive: true } },
      required: ["requestedBy"],
    },
    escalations: { clerks: { tiers: [{ audience: "ap-clerks", within: "1h", ...tier }], ...ladder } },
    steps: [
      { kind: "task", name: "match", handler: "./match.ts", effect: "read", output: MATCHED },
      { kind: "task", name: "pay", handler: "./pay.ts", input: { match: { $from: "match" } }, output: MATCHED },
    ],
  });
  if (!result.ok) throw new TypeError(JSON.stringify(result.problems));
  return peopleEntry(result.agent satisfies AgentDocument);
}

export const failure: Incident = {
  kind: "failure",
  step: "match",
  path: "match",
  error: ErrorClass.Permanent,
  cause: "unclassified: no match",
  decisions: ["retry", "override", "abort"],
};

export const gate: Incident = {
  kind: "gate",
  step: "pay",
  path: "pay",
  error: ErrorClass.NeedsHuman,
  cause: "asked: pay waits for approval.",
  request: { amount: 3 },
  decisions: ["approve", "reject"],
};

/** What a ladder's state asks with. */
export const question = (incident: Incident = failure, more: object = {}) => ({
  taskToken: SECRET_TOKEN,
  attempt: 1,
  runId: RUN_ID,
  ladder: "clerks",
  tier: 1,
  openedAt: OPENED_AT,
  deadline: "2026-01-01T01:00:00.000Z",
  requester: "Zoe@example.com",
  incident,
  ...more,
});

export const silenceOf = (incident: Incident = failure, tier = 1) => ({
  silence: { runId: RUN_ID, ladder: "clerks", tier, openedAt: OPENED_AT, path: incident.path },
});

export const person = (id = "ann@example.com", groups: readonly string[] = []): Decider => ({
  id,
  groups,
  from: "192.0.2.1",
});

/** A run about which people are asked, and what they decide it with. */
export async function asked(incident: Incident = failure, people = peopleOf(), store?: RunStore) {
  const ports = testPorts(store);
  await openRun(ports, RUN_ID, { input: { requestedBy: "Zoe@example.com", iban: "CH93 0076 2011" } });
  await openEscalation(ports, people, { ask: question(incident) });
  const [escalation] = await escalationsOf(ports, RUN_ID);
  if (escalation === undefined) throw new TypeError("Nobody was asked.");
  return { ports, people, escalation, answer: { id: escalation.id, digest: escalation.digest, note: "seen" } };
}
