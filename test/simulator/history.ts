import type { Json } from "../../lib/contract/index.ts";
import type { HistoryEvent } from "../../lib/local/engine/index.ts";

/** How one call of a state came out, as the execution goes by it. In the order in which they came out. */
export type Exit =
  | { readonly kind: "step"; readonly path: string; readonly of: string; readonly outcome: Outcome }
  | {
      readonly kind: "question";
      readonly path: string;
      readonly of: string;
      readonly openedAt: string;
      readonly outcome: Outcome;
    }
  /** The end of a tier's time, as the store has it. */
  | { readonly kind: "silence"; readonly path: string; readonly openedAt: string; readonly outcome: Outcome };

/** `failed` names the error. */
export type Outcome = { readonly output: Json } | { readonly failed: string };

interface Scheduled {
  readonly kind: "step" | "question" | "silence" | "other";
  readonly path: string;
  readonly of: string;
  readonly openedAt?: string;
}

interface Parameters {
  readonly Name?: string;
  readonly Payload?: {
    readonly path?: string;
    readonly attempt?: number;
    readonly input?: Json;
    readonly ask?: { readonly openedAt: string; readonly incident: { readonly kind: string; readonly path: string } };
    readonly silence?: { readonly path: string; readonly openedAt: string };
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
    const { kind, path, of, openedAt = "" } = call;
    if (kind === "question") return [{ kind, path, of, openedAt, outcome }];
    const yielded = yieldOf(call, outcome);
    return kind === "step" ? [{ kind, path, of, outcome: yielded }] : [{ kind, path, openedAt, outcome: yielded }];
  });
}

function scheduled({ Name, Payload = {} }: Parameters, children: ReadonlyMap<string, string>): Scheduled {
  if (Name !== undefined) return { kind: "step", path: children.get(Name) ?? "", of: "subflow" };
  const { ask, silence, subflow, path } = Payload;
  if (ask !== undefined) {
    const { incident, openedAt } = ask;
    return { kind: "question", path: incident.path, of: incident.kind, openedAt };
  }
  if (silence !== undefined) return { kind: "silence", of: "silence", ...silence };
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
  if (of === "silence") return { output: (outcome.output as { Payload: Json }).Payload };
  const result = outcome.output as { Output?: Json; Payload?: { output: Json } };
  return { output: (of === "subflow" ? result.Output : result.Payload?.output) ?? null };
}
