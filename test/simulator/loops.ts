import { ANSWER, actionKey, type Json } from "../../lib/contract/index.ts";
import { digestOf, reasonDefinition, type ToolDefinition } from "../../lib/definition/index.ts";
import type { OpenReasoning } from "../../lib/local/reasoning-host.ts";
import type { Item, ModelClient, ModelContent, ToolTransport } from "../../lib/ports/index.ts";
import { idempotencyKey } from "../../lib/runtime/identity.ts";
import { toolGateway } from "../../lib/runtime/index.ts";
import { OUTPUT } from "./agent-frame.ts";
import type { Outside } from "./handlers.ts";
import type { Invocation } from "./invocation.ts";
import type { Effect } from "./truth.ts";

/** What a model asks for, turn by turn; on the turn after the last it answers. */
export interface LoopPlan {
  readonly turns: readonly (readonly Asked[])[];
}

interface Asked {
  readonly name: keyof typeof TOOLS;
  readonly input: { readonly n: number };
}

const NUMBER = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
const tool = {
  input: NUMBER,
  output: { type: "object" },
  timeout: "5s",
  breaker: { failures: 50, halfOpenAfter: "1s" },
  health: "calls",
  fallback: "none",
  onFailure: { rate: "retry", timeout: "retry" },
  handler: "./tool.ts",
} as const;
const write = { ...tool, effect: "write", idempotency: "keyed" } as const;

/** The tools of simulated loops. */
export const TOOLS = {
  look: { ...tool, description: "Looks.", effect: "read", idempotency: "natural" },
  note: { ...write, description: "Notes.", gate: { none: "Only a simulation." } },
  pay: { ...write, description: "Pays." },
} as const;

/** A tool that writes, at a receiver that knows no repeat. */
export const plain = (declared: typeof TOOLS.note | typeof TOOLS.pay) => ({
  ...declared,
  idempotency: "none",
  onFailure: { ...declared.onFailure, timeout: "escalate" },
});

/**
 * The writes of a loop that comes to its end, in order: to ask for the same once more is to be told what came of it.
 *
 * @param tools of its step; others are refused.
 */
export function writesOf({ turns }: LoopPlan, tools: readonly string[]): NonNullable<Effect["call"]>[] {
  const writes = turns.flat().filter(({ name }) => tools.includes(name) && TOOLS[name].effect === "write");
  return [...new Map(writes.map(({ name, input }) => [digestOf([name, input]), { tool: name, input }])).values()];
}

/** A loop, as a step of a document. */
export const loopStep = (name: string, tools: readonly (keyof typeof TOOLS)[], more: object = {}) => ({
  kind: "reason",
  name,
  goal: "Be simulated.",
  instructions: "Do as you are told.",
  input: { amount: { $from: "input.amount" } },
  output: OUTPUT,
  tools,
  models: { first: "scripted/simulated.yaml" },
  limits: { turns: 20 },
  timeout: "90s",
  ...more,
});

const call = (name: Asked["name"], n: number): Asked => ({ name, input: { n } });

/** Twelve turns with the answer: calls side by side, writes that need no approval, and two that do. */
export const TWELVE_TURNS: LoopPlan = {
  turns: [
    [call("look", 1), call("look", 2), call("look", 3)],
    [call("note", 1)],
    [call("look", 4)],
    [call("look", 5), call("look", 6)],
    [call("pay", 10)],
    [call("look", 7)],
    [call("look", 8), call("note", 2), call("note", 3)],
    [call("look", 9), call("look", 10)],
    [call("look", 11)],
    [call("pay", 20), call("look", 12)],
    [call("look", 13)],
  ],
};

export const SHORT: LoopPlan = { turns: [[call("look", 1), call("note", 1)], [call("pay", 10)]] };

/** Models and tools of simulated loops, as an invocation reaches them. @param items as they stand. */
export function reasoningOf(
  invocation: Invocation,
  { turns }: LoopPlan,
  { sink, truth }: Outside,
  items: () => Iterable<Item>,
): OpenReasoning {
  const model: ModelClient = {
    converse: ({ messages, system, tools, idempotencyKey: key }) =>
      invocation.through(
        "sink",
        async () => {
          const turn = messages.filter(({ role }) => role === "assistant").length;
          truth.note({
            kind: "bought",
            key,
            asked: digestOf([system, JSON.stringify(messages), JSON.stringify(tools)]),
          });
          return { ...answerOf(turns[turn], key), usage: USAGE };
        },
        true,
      ),
  };
  const transportOf = ({ name, effect, isRepeatable }: ToolDefinition): ToolTransport => ({
    call: ({ input, idempotencyKey: key }) =>
      invocation.through(
        "sink",
        async () => {
          if (effect !== "write") return { output: { found: sink.observe() } };
          const receiver = isRepeatable ? "keyed" : "plain";
          const asked = { idempotencyKey: key, receiver, call: { tool: name, input } } as const;
          return { output: { receipt: sink.call({ ...asked, ...placeOf(items(), key), undo: false }) } };
        },
        true,
      ),
  });
  return (agent, step, ports) => {
    const definitions = reasonDefinition(agent.document, step).tools;
    const tools = definitions.map((definition) => ({ definition, transport: transportOf(definition) }));
    const { clock, store } = ports;
    return { models: () => model, gateway: toolGateway(ports, { agent: agent.name, tools }), clock, store };
  };
}

const USAGE = { inputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 5 };

function answerOf(asked: readonly Asked[] | undefined, key: string) {
  const calls: readonly { readonly name: string; readonly input: Json }[] = asked ?? [
    { name: ANSWER, input: { value: 7 } },
  ];
  const content = calls.map(
    ({ name, input }, index): ModelContent => ({ kind: "tool-use", id: `${key}-${index}`, name, input }),
  );
  return { content, stop: "tool-use" } as const;
}

const ACTION = /^ACTION#(.*)#1#([^#]*)$/;

/** Whose write has a key: receivers are told the key alone, and the intent was written before. */
function placeOf(items: Iterable<Item>, key: string) {
  for (const { pk, sk } of items) {
    const [, path, action] = ACTION.exec(sk) ?? [];
    const runId = pk.replace(/^RUN#/, "");
    if (path !== undefined && action !== undefined && idempotencyKey(runId, path, 1, action) === key) {
      return { runId, path, action };
    }
  }
  throw new TypeError(`A write was performed without an intent, such as ${actionKey("settle", 1, "…")}.`);
}
