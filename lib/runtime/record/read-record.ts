import { escalationKey, peopleKey, RUN, type RunStatus, readActionKey, runKey } from "../../contract/index.ts";
import type { Clock, Item, RunStore } from "../../ports/index.ts";
import { escalationsOf } from "../people/read.ts";
import { decisions, errorOf } from "./decisions.ts";
import type { ActionRecord, FailedAttempt, RunRecord, StepRecord } from "./run-record.ts";

interface Ports {
  readonly store: RunStore;
  readonly clock: Pick<Clock, "now">;
}

/** Reads what the items of a run tell of it: the whole of two partitions. Undefined where there is no such run. */
export async function readRecord(ports: Ports, runId: string): Promise<RunRecord | undefined> {
  const [items, people, escalations] = await Promise.all([
    ports.store.query(runKey(runId), ""),
    ports.store.query(peopleKey(runId), escalationKey("")),
    escalationsOf(ports, runId),
  ]);
  const run = items.find(({ sk }) => sk === RUN);
  if (run === undefined) return undefined;
  const of = (prefix: string) => items.filter(({ sk }) => sk.startsWith(prefix));
  return {
    runId,
    agent: String(run.agent),
    status: run.status as RunStatus,
    startedAt: String(run.startedAt),
    updatedAt: String(run.updatedAt),
    error: errorOf(run),
    steps: of("STEP#").map(stepRecord),
    actions: of("ACTION#").map(actionRecord),
    failures: of("FAILURE#").map(failedAttempt).sort(byTime),
    decisions: decisions({ run, items, people }),
    escalations,
  };
}

const text = (value: unknown) => (value === undefined ? null : String(value));

const stepRecord = (item: Item): StepRecord => ({
  step: String(item.step),
  path: String(item.path),
  visit: Number(item.visit),
  effect: String(item.effect),
  leased: item.effect === "write" || item.leased === true,
  status: item.status === "committed" ? "committed" : "leased",
  attempt: Number(item.attempt),
  startedAt: text(item.startedAt),
  committedAt: text(item.committedAt),
  tokens: Number(item.tokens ?? 0),
  microUsd: Number(item.microUsd ?? 0),
  traceId: text(item.traceId),
});

const actionRecord = (item: Item): ActionRecord => ({
  ...readActionKey(item.sk),
  effect: String(item.effect ?? "write"),
  status: item.status as ActionRecord["status"],
  at: text(item.at),
  tokens: Number(item.tokens ?? 0),
  microUsd: Number(item.microUsd ?? 0),
});

const failedAttempt = (item: Item): FailedAttempt => ({
  step: String(item.step),
  path: String(item.path),
  visit: Number(item.visit),
  attempt: Number(item.attempt),
  startedAt: String(item.startedAt),
  at: String(item.at),
  class: String(item.class),
  code: String(item.code),
  message: String(item.message),
  next: item.next === "retry" ? "retry" : "given-up",
});

const byTime = (a: FailedAttempt, b: FailedAttempt) => (a.at === b.at ? a.attempt - b.attempt : a.at < b.at ? -1 : 1);
