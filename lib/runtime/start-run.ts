import { ErrorClass, HoldfastError, type Json, type JsonObject } from "../contract/index.ts";
import type { AgentEntry } from "../definition/index.ts";
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
 * @throws Holdfast.InvalidInput, before anything is written, for events that are malformed, match no trigger or break the input's schema.
 */
export async function startRun(
  ports: Pick<PlatformPorts, "store" | "clock" | "executions">,
  agent: AgentEntry,
  stateMachine: string,
  event: Json,
): Promise<StartedRun> {
  const { envelope, dedupeKey } = accept(agent, event);
  const runId = runIdOf(agent.name, envelope.source, envelope["detail-type"], dedupeKey);
  const about = { id: envelope.id, source: envelope.source, time: envelope.time ?? null };
  const { isNew, item } = await openRun(ports, runId, { input: envelope.detail, event: about }, agent);
  if (item.open === true) await startExecution(ports.executions, stateMachine, item);
  return { runId, isNew };
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
  await openRun(ports, runId, executionInput, { ...agent, above: await ledgersUnder(ports, parentRunId) });
  return { runId, executionInput };
}

/** Starts the execution of a RUN item, under the input that the item was opened with. Repeating it starts nothing. */
export async function startExecution(executions: Executions, stateMachine: string, run: Item): Promise<void> {
  const input = JSON.parse(String(run.executionInput)) as Json;
  await executions.start({ stateMachine, name: String(run.runId), input });
}

function accept(agent: AgentEntry, event: Json): { envelope: Envelope; dedupeKey: string } {
  const malformed = violations(ENVELOPE, event);
  if (malformed !== undefined) throw invalid("event-malformed", `This is no EventBridge event. ${malformed}`);
  const envelope = event as Json & Envelope;
  const trigger = agent.triggers.find(
    ({ source, detailType }) => source === envelope.source && detailType === envelope["detail-type"],
  );
  if (trigger === undefined) {
    const allowed = agent.triggers.map(({ source, detailType }) => `${source} ${detailType}`).join(", ") || "none";
    throw invalid(
      "event-without-trigger",
      `${agent.name} has no trigger for ${envelope.source} ${envelope["detail-type"]}. Allowed: ${allowed}.`,
    );
  }
  requireInput(agent, envelope.detail);
  const key = trigger.dedupeBy
    .split(".")
    .reduce<Json | undefined>(
      (value, name) =>
        typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject)[name] : undefined,
      envelope.detail,
    );
  return { envelope, dedupeKey: JSON.stringify(key) };
}

function requireInput(agent: AgentEntry, input: Json): void {
  const wrong = violations(agent.input, input);
  if (wrong !== undefined) {
    throw invalid("input-invalid", `The event's detail is not what ${agent.name} takes. ${wrong} Nothing was started.`);
  }
}

const invalid = (code: string, message: string) => new HoldfastError(ErrorClass.InvalidInput, code, message);
