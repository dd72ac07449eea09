import { agentStatus, type Json, Ledger, RUN, type RunStatus, runKey } from "../contract/index.ts";
import type { AgentEntry } from "../definition/index.ts";
import type { Clock, Item, RunStore } from "../ports/index.ts";
import { expiryOf } from "./expiry.ts";
import type { ReportedError } from "./function-error.ts";
import { agentOf } from "./identity.ts";
import { redactText } from "./people/redact.ts";

interface Ports {
  readonly store: RunStore;
  readonly clock: Clock;
}

const keyOf = (runId: string) => ({ pk: runKey(runId), sk: RUN });

/** What a new run may spend, and of which budgets besides. */
export interface Allowance {
  readonly budget: AgentEntry["budget"];
  /** Ids of the runs whose budgets a subflow's run spends of, too. */
  readonly above?: readonly string[];
}

/**
 * Writes the RUN item of a new run: its budget, and the input of its execution, from which it can be started again after
 * a crash. Repeating it changes nothing. Answers with the item that is there.
 */
export async function openRun(
  { store, clock }: Ports,
  runId: string,
  executionInput: Json,
  { budget, above = [] }: Allowance = { budget: {} },
): Promise<{ isNew: boolean; item: Item }> {
  const now = new Date(clock.now()).toISOString();
  const agent = agentOf(runId);
  const item: Item = {
    ...keyOf(runId),
    runId,
    agent,
    status: "running",
    open: true,
    agentStatus: agentStatus(agent, "running"),
    startedAt: now,
    updatedAt: now,
    executionInput: JSON.stringify(executionInput),
    ...(budget.tokens === undefined ? {} : { [Ledger.tokensLeft]: budget.tokens }),
    ...(budget.usd === undefined ? {} : { [Ledger.microUsdLeft]: Math.round(budget.usd * 1_000_000) }),
    ...(above.length === 0 ? {} : { [Ledger.above]: above.join(" ") }),
  };
  const written = await store.put(item, { kind: "absent" });
  return written.applied ? { isNew: true, item } : { isNew: false, item: written.current ?? item };
}

/** Says that an open run waits for people, or goes on. @returns false once the run is closed, which stays so. */
export async function markRun(ports: Ports, runId: string, status: "running" | "waiting"): Promise<boolean> {
  const marked = await ports.store.update(keyOf(runId), { set: changes(ports, runId, status) }, isOpen);
  return marked.applied || marked.current?.open === true;
}

/** The failure or the answer that a run is given up for. */
export interface GivenUpFor {
  readonly step: string;
  readonly path: string;
  readonly error: string;
  /** Of the step, in the entry of its state that began then; ISO 8601. */
  readonly attempts?: number;
  readonly entered?: string;
}

/** Says that a run is being given up: from now on none of its writes may begin. Repeating it changes nothing. */
export async function giveUpRun({ store, clock }: Ports, runId: string, why?: GivenUpFor): Promise<void> {
  const givenUpAt = new Date(clock.now()).toISOString();
  const set = { givenUpAt, ...(why === undefined ? {} : { givenUpFor: JSON.stringify(why) }) };
  await store.update(keyOf(runId), { set }, { kind: "matches", lacks: ["givenUpAt"] });
}

export async function isGivenUp({ store }: Pick<Ports, "store">, runId: string): Promise<boolean> {
  return (await store.get(keyOf(runId)))?.givenUpAt !== undefined;
}

/**
 * Gives a run its final status. The first to close it decides, but for one thing: a run that its last step closed as
 * completed may still fail on its way out, and the failure stands.
 *
 * @param why it failed, or was given up.
 */
export async function closeRun(ports: Ports, runId: string, status: FinalStatus, why?: ReportedError): Promise<void> {
  const error = why === undefined ? {} : { error: JSON.stringify({ ...why, message: told(why.message) }) };
  const closing = { set: { ...changes(ports, runId, status), open: false, ttl: expiryOf(ports.clock), ...error } };
  const closed = await ports.store.update(keyOf(runId), closing, isOpen);
  if (closed.applied || status === "completed" || closed.current?.status !== "completed") return;
  await ports.store.update(keyOf(runId), closing, { kind: "matches", attributes: { status: "completed" } });
}

/** The RUN item stays so small that a write of it costs one unit. */
const LONGEST_REASON = 300;
const told = (message: string) => redactText(message).slice(0, LONGEST_REASON);

type FinalStatus = Exclude<RunStatus, "running" | "waiting">;

const isOpen = { kind: "matches", attributes: { open: true } } as const;

const changes = ({ clock }: Ports, runId: string, status: RunStatus) => ({
  status,
  agentStatus: agentStatus(agentOf(runId), status),
  updatedAt: new Date(clock.now()).toISOString(),
});

/** The runs whose budgets a subflow of this run spends of: itself, if it has one, and those above it. */
export async function ledgersUnder({ store }: Pick<Ports, "store">, runId: string): Promise<readonly string[]> {
  const run = await store.get(keyOf(runId));
  const isLimited = run?.[Ledger.tokensLeft] !== undefined || run?.[Ledger.microUsdLeft] !== undefined;
  return [...(isLimited ? [runId] : []), ...ledgersAbove(run)];
}

/** The runs whose budgets a run spends of besides its own. */
export const ledgersAbove = (run: Item | undefined): readonly string[] =>
  String(run?.[Ledger.above] ?? "")
    .split(" ")
    .filter(Boolean);
