import { keyOf } from "../../lib/compiler/index.ts";
import { actionKey, escalationKey, type Json, type JsonObject, SILENT, stepKey } from "../../lib/contract/index.ts";
import type { AgentEntry } from "../../lib/definition/index.ts";
import type { StateMachine } from "../../lib/local/engine/index.ts";
import type { Item, Key, RunStore } from "../../lib/ports/index.ts";
import type { Reasoning, ToolGateway } from "../../lib/runtime/index.ts";
import type { InvariantName } from "./invariants/index.ts";
import type { Ports } from "./ports-of.ts";

/** A mistake that is planted around the product, to see that it is found. */
export interface Bug {
  /** The invariant that it breaks. */
  readonly breaks: InvariantName;
  /** It is not found in so many seeds, which are left out: it takes a coincidence, or what it takes away is guarded twice. @default 0 */
  readonly rare?: number;
  readonly machine?: (machine: StateMachine) => StateMachine;
  readonly ports?: (ports: Ports) => Ports;
  readonly entry?: (entry: AgentEntry) => AgentEntry;
  /** What a handler is given. */
  readonly handed?: (input: unknown) => unknown;
  readonly reasoning?: (reasoning: Reasoning) => Reasoning;
  /** What the engine is told that a function has answered. */
  readonly answer?: (name: string, answer: Json) => Json;
  /** Neither status events nor sweeps reach the RUN items. */
  readonly neverReconciles?: boolean;
}

const startsWith = (prefix: string) => (key: Key) => key.sk.startsWith(prefix);
const isStep = startsWith(stepKey("", 1).slice(0, "STEP#".length));
const isAction = startsWith(actionKey("", 1, "").slice(0, "ACTION#".length));
const isFailure = startsWith("FAILURE#");
const isEscalation = startsWith(escalationKey(""));

const withStore =
  (change: (store: RunStore) => Partial<RunStore>) =>
  (ports: Ports): Ports => {
    const { get, put, update, query, runs, asked } = ports.store;
    const store = { get, put, update, query, runs, asked };
    return { ...ports, store: { ...store, ...change(store) } };
  };

const forgetting = (isForgotten: (item: Item) => boolean) =>
  withStore(({ put }) => ({
    put: async (item, condition) => (isForgotten(item) ? { applied: true } : put(item, condition)),
  }));

const unconditional = (isMeant: (item: Item) => boolean) =>
  withStore(({ put }) => ({ put: (item, condition) => (isMeant(item) ? put(item) : put(item, condition)) }));

const withGateway =
  (change: (gateway: ToolGateway) => Partial<ToolGateway>) =>
  ({ gateway, ...reasoning }: Reasoning): Reasoning => ({
    ...reasoning,
    gateway: { ...gateway, ...change(gateway) },
  });

/** Changes what is kept of a question. */
const asking = (change: (item: Item) => Item) =>
  withStore(({ put }) => ({ put: (item, condition) => put(isEscalation(item) ? change(item) : item, condition) }));

const isAnswerToSilence = (answer: Json) =>
  typeof answer === "object" && answer !== null && "decision" in answer && answer.decision !== SILENT;

type States = Readonly<Record<string, JsonObject>>;

const withStates = (change: (name: string, state: JsonObject) => JsonObject) => (machine: StateMachine) => {
  const definition = machine.definition as JsonObject;
  const states = Object.entries(definition.States as States).map(([name, state]) => [name, change(name, state)]);
  return { ...machine, definition: { ...definition, States: Object.fromEntries(states) } };
};

const isTaskOf = (name: string, state: JsonObject) => state.Type === "Task" && /^task\d+$/.test(name);

const withPlan = (change: (steps: readonly Json[]) => readonly Json[]) => (name: string, answer: Json) => {
  if (!name.endsWith(keyOf({ kind: "platform", name: "plan-compensation" }))) return answer;
  const plan = answer as JsonObject & { readonly steps: readonly Json[] };
  return { ...plan, steps: change(plan.steps) };
};

/** The planted bugs, by name. */
export const BUGS: Readonly<Record<string, Bug>> = {
  "commit-forgotten": {
    breaks: "no-lost-result",
    ports: forgetting((item) => isStep(item) && item.status === "committed"),
  },
  "action-forgotten": {
    breaks: "no-lost-result",
    ports: forgetting((item) => isAction(item) && item.status === "done"),
  },
  "observation-overwritten": {
    breaks: "no-lost-result",
    rare: 110,
    ports: unconditional((item) => isAction(item) && item.status === "done"),
  },
  "intent-forgotten": {
    breaks: "write-exactly-once",
    ports: forgetting((item) => isAction(item) && item.status === "intent"),
  },
  "lease-ignored": {
    breaks: "write-exactly-once",
    rare: 580,
    ports: (ports) => ({ ...ports, owner: { ...ports.owner, isGone: () => true } }),
  },
  "call-pretended": {
    breaks: "write-exactly-once",
    reasoning: withGateway(({ call }) => ({
      call: async (request) => {
        const { name } = request;
        if (name === "look") return call(request);
        return { ok: true, output: { receipt: 0 }, provenance: { source: "tool", name, at: "" } };
      },
    })),
  },
  "call-repeated": {
    breaks: "write-exactly-once",
    rare: 560,
    reasoning: withGateway(() => ({ isRepeatable: () => true })),
  },
  "rejection-approves": {
    breaks: "no-write-without-approval",
    machine: withStates((_, state) =>
      state.Type === "Choice" ? JSON.parse(JSON.stringify(state).replaceAll('\\"approve\\"', '\\"reject\\"')) : state,
    ),
  },
  "failure-ignored": {
    breaks: "no-step-after-failure",
    machine: withStates((name, state) => {
      if (!isTaskOf(name, state) || typeof state.Next !== "string") return state;
      const onward = { ErrorEquals: ["States.TaskFailed"], Assign: { [name]: { value: 0 } }, Next: state.Next };
      return { ...state, Catch: [onward, ...(state.Catch as readonly Json[])] };
    }),
  },
  "start-lost": {
    breaks: "run-ends-or-waits",
    ports: (ports) => ({ ...ports, executions: { ...ports.executions, start: async () => "started" } }),
  },
  "never-reconciled": { breaks: "run-item-closed", neverReconciles: true },
  "undo-reversed": { breaks: "compensation-restores", rare: 60, answer: withPlan((steps) => steps.toReversed()) },
  "undo-shortened": { breaks: "compensation-restores", rare: 50, answer: withPlan((steps) => steps.slice(1)) },
  "calls-untold": {
    breaks: "undo-knows-calls",
    rare: 170,
    handed: (input) =>
      typeof input === "object" && input !== null && "calls" in input ? { ...input, calls: [] } : input,
  },
  "commit-unconditional": {
    breaks: "no-stale-commit",
    rare: 300,
    ports: unconditional((item) => isStep(item) && item.status === "committed"),
  },
  "token-reused": {
    breaks: "no-stale-commit",
    ports: withStore(({ put }) => ({
      put: (item, condition) => put(isStep(item) && item.status === "leased" ? { ...item, token: 1 } : item, condition),
    })),
  },
  "run-id-random": {
    breaks: "one-run-per-event",
    entry: (entry) => ({ ...entry, triggers: entry.triggers.map((trigger) => ({ ...trigger, dedupeBy: "delivery" })) }),
  },
  "decision-unconditional": {
    breaks: "decided-once",
    ports: withStore(({ update }) => ({
      update: (key, change, condition) => update(key, change, isEscalation(key) ? { kind: "matches" } : condition),
    })),
  },
  "decision-kept-back": {
    breaks: "decided-once",
    ports: (ports) => ({ ...ports, executions: { ...ports.executions, answer: async () => "delivered" } }),
  },
  "silence-overrules": {
    breaks: "decided-once",
    rare: 150,
    answer: (_, answer) => (isAnswerToSilence(answer) ? { decision: SILENT, tier: 1 } : answer),
  },
  "silence-unrecorded": {
    breaks: "decided-once",
    rare: 20,
    ports: withStore(({ update }) => ({
      update: async (key, change, condition) =>
        isEscalation(key) && change.set?.status === "expired" ? { applied: true } : update(key, change, condition),
    })),
  },
  "quorum-ignored": { breaks: "decided-by-entitled", ports: asking((item) => ({ ...item, approvals: 1 })) },
  "members-forgotten": {
    breaks: "decided-by-entitled",
    ports: asking(({ members: _, ...item }) => item as Item),
  },
  "requester-forgotten": {
    breaks: "decided-by-entitled",
    ports: asking(({ requester: _, ...item }) => item as Item),
  },
  "budget-unconditional": {
    breaks: "budget-never-exceeded",
    ports: withStore(({ update }) => ({
      update: (key, change, { atLeast: _, ...condition }) => update(key, change, condition),
    })),
  },
  "hold-forgotten": {
    breaks: "budget-never-exceeded",
    ports: withStore(({ update }) => ({
      update: async (key, change, condition) =>
        condition.atLeast === undefined ? update(key, change, condition) : { applied: true },
    })),
  },
  "ways-untold": {
    breaks: "decisions-recorded",
    machine: withStates((_, { Arguments, ...state }) => ({
      ...state,
      ...(Arguments === undefined
        ? {}
        : { Arguments: JSON.parse(JSON.stringify(Arguments).replaceAll("decided__since", "untold")) }),
    })),
  },
  "failures-unrecorded": { breaks: "decisions-recorded", rare: 330, ports: forgetting(isFailure) },
  "turns-unread": {
    breaks: "bought-once",
    ports: withStore(({ query }) => ({
      query: async (...what) => (await query(...what)).filter(({ sk }) => !/^ACTION#.*#turn-\d+$/.test(sk)),
    })),
  },
  "result-swapped": {
    breaks: "same-output",
    machine: withStates((name, state) =>
      isTaskOf(name, state) ? { ...state, Assign: { [name]: { value: 7 } } } : state,
    ),
  },
};
