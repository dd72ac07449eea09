import type { RunFacts } from "../../lib/cli/report/run-facts.ts";
import { type AgentDocument, checkAgent } from "../../lib/definition/index.ts";
import type { ReadEvent } from "../../lib/local/index.ts";
import type { DecisionRecord, Escalation, RunRecord } from "../../lib/runtime/index.ts";

export const START = Date.UTC(2026, 10, 21);
const time = (seconds: number) => new Date(START + seconds * 1_000);

/** An agent of these steps that is started by an event, unless `more` says otherwise. */
export function declared(steps: readonly object[], more: object = {}): AgentDocument {
  const checked = checkAgent({
    ...{ holdfast: 1, name: "desk", purpose: "To be looked at.", steps },
    triggers: [{ source: "a", detailType: "b", dedupeBy: "id" }],
    input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    escalations: { desk: { tiers: [{ audience: "clerks", within: "4h" }] } },
    ...more,
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return checked.agent;
}

/** A history as AWS gives it: each event a second after the one before, which it follows unless it says otherwise. */
export const history = (...events: readonly object[]): ReadEvent[] =>
  events.map((event, index) => ({
    ...{ id: index + 1, previousEventId: index, type: undefined, timestamp: time(index) },
    ...event,
  }));

export const entered = (name: string, type = "Task", input?: object) => ({
  type: `${type}StateEntered`,
  stateEnteredEventDetails: { name, ...(input === undefined ? {} : { input: JSON.stringify(input) }) },
});
export const scheduled = { type: "TaskScheduled", taskScheduledEventDetails: { resource: "invoke" } };
export const failed = (error: string, cause = "") => ({
  type: "TaskFailed",
  taskFailedEventDetails: { error, cause },
});
export const done = { type: "TaskSucceeded" };
export const left = (name: string) => ({ type: "TaskStateExited", stateExitedEventDetails: { name } });

/** What a step does that fails once for good. */
export const lost = (name: string) => [
  entered(name),
  scheduled,
  failed("Holdfast.Permanent", "no: Broken."),
  left(name),
];

export const facts = (
  execution: Partial<RunFacts["execution"]>,
  events: readonly ReadEvent[],
  more: Partial<RunFacts> = {},
): RunFacts => ({
  ...{ runId: "desk-1", record: undefined, escalations: [], usage: undefined, now: START + 60_000 },
  execution: { status: "RUNNING", ...execution },
  history: events,
  ...more,
});

/** A question about a step that failed, still open, opened so many seconds after the start. */
export function asked(path: string, seconds: number, more: Partial<Escalation> = {}): Escalation {
  const step = path.slice(path.lastIndexOf("/") + 1);
  const decisions = ["retry", "override", "abort"];
  const incident = {
    kind: "failure",
    step,
    path,
    error: "Holdfast.Permanent",
    cause: "no: Broken.",
    decisions,
  } as const;
  return {
    ...{ id: `desk-1-${path}`, runId: "desk-1", agent: "desk", ladder: "desk", tier: 1, audience: "clerks", step },
    ...{ kind: "failure", status: "open", group: "1", members: null, approvals: 1, votes: [], digest: "1" },
    ...{ decision: null, decidedBy: null, untold: null, incident },
    openedAt: time(seconds).toISOString(),
    deadline: time(14_400).toISOString(),
    ...more,
  };
}

export const decidedTo = (decision: string, by = "ann"): Partial<Escalation> => ({
  ...{ status: "decided", decision, decidedBy: by },
});

/** Of a run's items no more than what was decided. */
export const decided = (...decisions: readonly Partial<DecisionRecord>[]): RunRecord => ({
  ...{ runId: "desk-1", agent: "desk", status: "running", error: null },
  ...{ startedAt: time(0).toISOString(), updatedAt: time(0).toISOString() },
  ...{ steps: [], actions: [], failures: [], escalations: [] },
  decisions: decisions.map((each) => ({
    ...{ at: time(0).toISOString(), kind: "end", step: "", path: "", options: [], chosen: "", rule: "" },
    ...{ by: null, evidence: [], reason: null },
    ...each,
  })),
});
