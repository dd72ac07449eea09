import type { Json } from "../../lib/contract/index.ts";
import type { HistoryEvent } from "../../lib/local/engine/index.ts";

/** How one call of a state came out, as the execution goes by it. In the order in which they came out. */
export type Exit =
  | { readonly kind: "step"; readonly path: string; readonly outcome: Outcome }
  | {
      readonly kind: "question";
      readonly path: string;
      readonly of: string;
      /** Milliseconds since the epoch. */
      readonly deadline: number;
      readonly outcome: Outcome;
    };

/** `failed` names the error. */
export type Outcome = { readonly output: Json } | { readonly failed: string };

interface Scheduled {
  readonly kind: "step" | "question" | "other";
  readonly path: string;
  readonly of: string;
  readonly deadline?: number;
}

interface Parameters {
  readonly Name?: string;
  readonly Payload?: {
    readonly path?: string;
    readonly attempt?: number;
    readonly input?: Json;
    readonly openedAt?: string;
    readonly withinSeconds?: number;
    readonly incident?: { readonly kind: string; readonly path: string };
    readonly subflow?: { readonly path: string };
  };
}

type Details = Readonly<Record<string, Json>>;
const detailsOf = (event: HistoryEvent, name: string): Details =>
  (event[`${name}EventDetails` as `${string}EventDetails`] ?? {}) as Details;

/** What came of the steps and questions of an execution. */
export function exitsOf(history: readonly HistoryEvent[]): Exit[] {
  const calls = new Map<number, Scheduled>();
  const children = new Map<string, string>();
  return history.flatMap((event): Exit[] => {
    if (event.type === "TaskScheduled") {
      calls.set(event.id, scheduled(JSON.parse(String(detailsOf(event, "taskScheduled").parameters)), children));
      return [];
    }
    const call = calls.get(event.previousEventId);
    if (call === undefined) return [];
    const outcome = outcomeOf(event);
    if (outcome === undefined) {
      calls.set(event.id, call);
      return [];
    }
    const opened =
      call.of === "open" && "output" in outcome ? (outcome.output as { Payload: { runId: string } }) : undefined;
    if (opened !== undefined) children.set(opened.Payload.runId, call.path);
    if (call.kind === "other" || opened !== undefined) return [];
    return call.kind === "step"
      ? [{ kind: call.kind, path: call.path, outcome: yieldOf(call, outcome) }]
      : [{ kind: call.kind, path: call.path, of: call.of, deadline: call.deadline ?? 0, outcome }];
  });
}

function scheduled({ Name, Payload = {} }: Parameters, children: ReadonlyMap<string, string>): Scheduled {
  if (Name !== undefined) return { kind: "step", path: children.get(Name) ?? "", of: "subflow" };
  const { incident, subflow, path, openedAt = "", withinSeconds = 0 } = Payload;
  const deadline = Date.parse(openedAt) + withinSeconds * 1_000;
  if (incident !== undefined) return { kind: "question", path: incident.path, of: incident.kind, deadline };
  if (subflow !== undefined) return { kind: "step", path: subflow.path, of: "open" };
  return path === undefined || !("input" in Payload)
    ? { kind: "other", path: "", of: "" }
    : { kind: "step", path, of: "task" };
}

function outcomeOf(event: HistoryEvent): Outcome | undefined {
  switch (event.type) {
    case "TaskSucceeded":
      return { output: JSON.parse(String(detailsOf(event, "taskSucceeded").output)) as Json };
    case "TaskFailed":
      return { failed: String(detailsOf(event, "taskFailed").error) };
    case "TaskTimedOut":
      return { failed: String(detailsOf(event, "taskTimedOut").error) };
    default:
      return undefined;
  }
}

function yieldOf({ of }: Scheduled, outcome: Outcome): Outcome {
  if (!("output" in outcome)) return outcome;
  const result = outcome.output as { Output?: Json; Payload?: { output: Json } };
  return { output: (of === "subflow" ? result.Output : result.Payload?.output) ?? null };
}
