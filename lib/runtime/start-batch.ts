import { ErrorClass, HoldfastError, type Json, objectOf, parseJson } from "../contract/index.ts";
import type { AgentEntry } from "../definition/index.ts";
import type { DeadLetters } from "../ports/index.ts";
import { classify } from "./classify/index.ts";
import { measureStart } from "./measure.ts";
import type { PlatformPorts } from "./ports.ts";
import { startRun } from "./start-run.ts";

/** An event as a queue hands it out. */
export interface QueuedEvent {
  readonly messageId: string;
  readonly body: string;
  /** When it came into the queue, in milliseconds since the epoch. */
  readonly sentAt?: number;
  /** X-Ray's, of whoever sent the event. */
  readonly traceHeader?: string | undefined;
}

/** What became of one of a batch. */
export type QueuedStart = { readonly messageId: string } & (
  | { readonly kind: "started"; readonly runId: string; readonly isNew: boolean }
  /** It can never start a run, and is kept for people. */
  | { readonly kind: "kept"; readonly error: HoldfastError }
  /** It has to be handed out again. */
  | { readonly kind: "failed"; readonly error: HoldfastError }
);

/**
 * Starts the runs of a batch. What can never start one (no JSON, no trigger, not the agent's input) starts nothing and is kept
 * with the reason; what failed otherwise is for the queue to repeat, and so is what could not be kept. Never throws.
 */
export function startBatch(
  ports: Pick<PlatformPorts, "store" | "clock" | "executions" | "metrics"> & { readonly deadLetters: DeadLetters },
  agent: AgentEntry,
  stateMachine: string,
  batch: readonly QueuedEvent[],
): Promise<QueuedStart[]> {
  const start = async ({ messageId, body, sentAt, traceHeader }: QueuedEvent): Promise<QueuedStart> => {
    try {
      const event = parse(body);
      const run = await startRun(ports, agent, stateMachine, event, usable(traceHeader));
      if (run.isNew) measureStart(ports, agent.name, Number.isFinite(sentAt) ? Number(sentAt) : timeOf(event));
      return { kind: "started", messageId, ...run };
    } catch (thrown) {
      const error = classify(thrown);
      if (error.name !== ErrorClass.InvalidInput) return { kind: "failed", messageId, error };
      return keep(messageId, body, error);
    }
  };
  const keep = async (messageId: string, body: string, error: HoldfastError): Promise<QueuedStart> => {
    const { name, code, message } = error;
    try {
      await ports.deadLetters.keep({ agent: agent.name, messageId, body, reason: { name, code, message } });
      return { kind: "kept", messageId, error };
    } catch (thrown) {
      return { kind: "failed", messageId, error: classify(thrown) };
    }
  };
  return Promise.all(batch.map(start));
}

function parse(body: string): Json {
  const event = parseJson(body);
  if (event !== undefined) return event;
  throw new HoldfastError(ErrorClass.InvalidInput, "event-not-json", "The message is not JSON. Nothing was started.");
}

/** When an event happened, as far as it says so. */
const timeOf = (event: Json) => Date.parse(String(objectOf(event).time));

/** A trace header that Step Functions would refuse must not keep a run from starting. */
const usable = (header: string | undefined) =>
  header !== undefined && /^[\x20-\x7e]{1,256}$/.test(header) ? header : undefined;
