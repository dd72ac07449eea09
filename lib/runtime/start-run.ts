import { ErrorClass, HoldfastError, type Json, type JsonObject, SCHEDULE_SOURCE, valueAt } from "../contract/index.ts";
import { type AgentEntry, digestOf } from "../definition/index.ts";
import type { Executions, Item } from "../ports/index.ts";
import { runIdOf, subflowRunId } from "./identity.ts";
import { violations } from "./json-schema.ts";
import type { PlatformPorts } from "./ports.ts";
import { ledgersUnder, openRun } from "./runs.ts";

export interface StartedRun {
  readonly runId: string;
  /** False when an earlier event with the same deduplication key had started it. */
  readonly isNew: boolean;
}

/** The part of an EventBridge event that starts a run. */
const ENVELOPE: JsonObject = {
  type: "object",
  properties: {
    id: { type: "string", minLength: 1 },
    source: { type: "string", minLength: 1 },
    "detail-type": { type: "string", minLength: 1 },
    time: { type: "string" },
    detail: { type: "object" },
  },
  required: ["id", "source", "detail-type", "detail"],
};

interface Envelope {
  readonly id: string;
  readonly source: string;
  readonly "detail-type": string;
  readonly time?: string;
  readonly detail: JsonObject;
}

/**
 * Starts the run of an event: validates it, writes the RUN item, starts the execution of that name. Events with the same
 * deduplication key, redeliveries and repeats after a crash lead to the one run.
 *
 * @param traceHeader X-Ray's, of whoever sent the event: the execution belongs to that trace.
 * @throws Holdfast.InvalidInput, before anything is written, for events that are malformed, match no trigger, break the input's schema
 *   or are too large.
 */
export async function startRun(
  ports: Pick<PlatformPorts, "store" | "clock" | "executions">,
  agent: AgentEntry,
  stateMachine: string,
  event: Json,
  traceHeader?: string,
): Promise<StartedRun> {
  const { runId, executionInput } = accept(agent, event);
  const { isNew, item } = await openRun(ports, runId, executionInput, agent);
  if (item.open === true) await startExecution(ports.executions, stateMachine, item, traceHeader);
  return { runId, isNew };
}

/** The id of the run that an event starts, given as it is or as text; undefined where it starts none. */
export function runOfEvent(agent: AgentEntry, event: Json): string | undefined {
  try {
    return accept(agent, typeof event === "string" ? JSON.parse(event) : event).runId;
  } catch {
    // What is wrong with it, startRun says.
    return undefined;
  }
}

/** Opens the run of a subflow step; its execution is started by the parent's state machine. */
export async function openSubflow(
  ports: Pick<PlatformPorts, "store" | "clock">,
  agent: AgentEntry,
  { parentRunId, path, input }: { parentRunId: string; path: string; input: JsonObject },
): Promise<{ runId: string; executionInput: Json }> {
  requireInput(agent, input);
  const runId = subflowRunId(agent.name, parentRunId, path);
  const executionInput = { input, parent: { runId: parentRunId, path } };
  const above = await ledgersUnder(ports, parentRunId);
  const { item } = await openRun(ports, runId, executionInput, { ...agent, above });
  if (digestOf(JSON.parse(String(item.executionInput))) !== digestOf(executionInput)) {
    throw invalid("subflow-differs", `${runId} was opened before with another input. Somebody else has opened it.`);
  }
  return { runId, executionInput };
}

/** Starts the execution of a RUN item, under the input that the item was opened with. Repeating it starts nothing. */
export async function startExecution(
  executions: Executions,
  stateMachine: string,
  run: Item,
  traceHeader?: string,
): Promise<void> {
  const input = JSON.parse(String(run.executionInput)) as Json;
  const trace = traceHeader === undefined ? {} : { traceHeader };
  await executions.start({ stateMachine, name: String(run.runId), input, ...trace });
}

interface Accepted {
  readonly runId: string;
  readonly executionInput: JsonObject;
}

function accept(agent: AgentEntry, event: Json): Accepted {
  try {
    return read(agent, event);
  } catch (error) {
    if (error instanceof RangeError) throw invalid("event-malformed", "The event is nested too deep to be read.");
    throw error;
  }
}

function read(agent: AgentEntry, event: Json): Accepted {
  const malformed = violations(ENVELOPE, event);
  if (malformed !== undefined) throw invalid("event-malformed", `This is no EventBridge event. ${malformed}`);
  const { id, source, time, detail, "detail-type": detailType } = event as Json & Envelope;
  const trigger = agent.triggers.find((candidate) =>
    "schedule" in candidate
      ? source === SCHEDULE_SOURCE && candidate.name === detailType
      : candidate.source === source && candidate.detailType === detailType,
  );
  if (trigger === undefined) {
    const allowed = agent.triggers.map(wordsOf).join(", ");
    const instead = allowed === "" ? "It has none: declare one under triggers" : `Allowed: ${allowed}`;
    throw invalid(
      "event-without-trigger",
      `${agent.name} has no trigger for ${source.slice(0, 100)} ${detailType.slice(0, 100)}. ${instead}.`,
    );
  }
  requireInput(agent, detail);
  const key = "schedule" in trigger ? scheduledTime(time) : valueAt(detail, trigger.dedupeBy);
  const runId = runIdOf(agent.name, source, detailType, JSON.stringify(key));
  const executionInput = { input: detail, event: { id, source, time: time ?? null } };
  requireSize(executionInput);
  return { runId, executionInput };
}

const wordsOf = (trigger: AgentEntry["triggers"][number]) =>
  "schedule" in trigger ? `${SCHEDULE_SOURCE} ${trigger.name}` : `${trigger.source} ${trigger.detailType}`;

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** What tells the runs of a schedule apart: when they were due. */
function scheduledTime(time: string | undefined): string {
  const due = INSTANT.test(time ?? "") ? new Date(time ?? "").getTime() : Number.NaN;
  if (!Number.isNaN(due)) return new Date(due).toISOString();
  throw invalid(
    "event-malformed",
    "The event of a schedule says when it was due: its time must be like 2026-01-31T06:00:00Z.",
  );
}

function requireInput(agent: AgentEntry, input: Json): void {
  const wrong = violations(agent.input, input);
  if (wrong !== undefined) {
    throw invalid("input-invalid", `The event's detail is not what ${agent.name} takes. ${wrong} Nothing was started.`);
  }
}

/** Largest input of an execution, in bytes (AWS Step Functions quotas). */
const LARGEST_INPUT = 262_144;

function requireSize(executionInput: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(executionInput));
  if (bytes <= LARGEST_INPUT) return;
  const message = `The event makes an input of ${bytes} bytes; an execution takes ${LARGEST_INPUT}. Put large data into an object and name its URI.`;
  throw invalid("event-too-large", message);
}

const invalid = (code: string, message: string) => new HoldfastError(ErrorClass.InvalidInput, code, message);
