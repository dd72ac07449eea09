import { FRAME, OUTPUT } from "./agent-frame.ts";
import { checkedDocument, type SimulatedAgent } from "./agents.ts";
import type { StepPlan } from "./handlers.ts";
import { type LoopPlan, loopStep, SHORT, TOOLS, TWELVE_TURNS } from "./loops.ts";

const UNGATED = { none: "Only a simulation." };
const DESK = { desk: { tiers: [{ audience: "clerks", within: "4h" }], otherwise: "compensate" } };

const write = (name: string, more: object = {}) => ({
  kind: "task",
  name,
  handler: `./${name}.ts`,
  effect: "write",
  input: { amount: { $from: "input.amount" } },
  output: OUTPUT,
  timeout: "30s",
  gate: UNGATED,
  ...more,
});

const read = (name: string) => ({ ...write(name), effect: "read", gate: undefined });

const planOf = (writes: boolean, undo: boolean): StepPlan => ({
  writes,
  undo,
  actions: [
    { key: "first", receiver: "plain", reconciles: true },
    { key: "second", receiver: "keyed", reconciles: true },
  ].slice(0, writes ? 2 : 1) as StepPlan["actions"],
  together: false,
});

/** @param loop of its reasoning step. */
function agentOf(steps: readonly object[], more: object = {}, loop?: LoopPlan): SimulatedAgent {
  const document = checkedDocument({ ...FRAME, name: "agent", escalations: DESK, steps, ...more });
  const handlers = [...JSON.stringify(document).matchAll(/"\.\/([a-z-]+)\.ts"/g)].map((match) => match[1] ?? "");
  const plans = handlers.map((name): [string, StepPlan] => [
    `./${name}.ts`,
    planOf(!name.startsWith("look"), name.startsWith("undo-")),
  ]);
  return { document, plans: new Map(plans), ...(loop === undefined ? {} : { loops: new Map([["settle", loop]]) }) };
}

interface FixedAgent {
  readonly agent: SimulatedAgent;
  readonly decision: string;
  /** It has many points, and nothing but deaths strike there. @default false */
  readonly deathsOnly?: boolean;
}

/** Small agents that between them have every kind of checkpoint. What people decide is in the names of their cases. */
export const FIXED_AGENTS: Readonly<Record<string, FixedAgent>> = {
  "a write that reconciles": { agent: agentOf([read("look"), write("pay")]), decision: "approve" },
  "writes that are undone after a rejection": {
    agent: agentOf([
      write("book", { compensate: "./undo-book.ts" }),
      write("pay", { compensate: "./undo-pay.ts" }),
      { kind: "approval", name: "agree", ladder: "desk", request: { paid: { $from: "pay.value" } } },
    ]),
    decision: "reject",
  },
  "a gated write": { agent: agentOf([write("pay", { gate: { ladder: "desk" } }), read("look")]), decision: "approve" },
  "a write that two must approve": {
    agent: agentOf([write("pay", { gate: { ladder: "desk" } })], {
      escalations: {
        desk: { tiers: [{ audience: "clerks", within: "4h", approvals: 2, members: ["ann", "bob", "cid"] }] },
      },
    }),
    decision: "approve",
  },
  "a write that is approved when nobody answers": {
    agent: agentOf([write("pay", { gate: { ladder: "desk" } })], {
      escalations: {
        desk: {
          tiers: [
            { audience: "clerks", within: "1h" },
            { audience: "heads", within: "1h" },
          ],
          otherwise: "approve",
        },
      },
    }),
    decision: "say nothing",
  },
  "each item with a write": {
    agent: agentOf([
      {
        kind: "each",
        name: "lines",
        items: { $from: "input.items" },
        as: "line",
        concurrency: 2,
        steps: [write("book", { input: { amount: { $from: "line.n" } } })],
        output: { value: { $from: "book.value" } },
      },
    ]),
    decision: "approve",
  },
  "a loop of twelve turns with calls side by side and two writes that people approve": {
    agent: agentOf([loopStep("settle", ["look", "note", "pay"])], { tools: TOOLS }, TWELVE_TURNS),
    decision: "approve",
    deathsOnly: true,
  },
  "a loop that is undone by its calls after a rejection": {
    agent: agentOf(
      [loopStep("settle", ["look", "note", "pay"], { compensate: "./undo-settle.ts" })],
      { tools: TOOLS },
      SHORT,
    ),
    decision: "reject",
  },
  "a loop that reads, and is refused a write": {
    agent: agentOf([loopStep("settle", ["look"])], { tools: { look: TOOLS.look } }, { turns: SHORT.turns.slice(0, 1) }),
    decision: "approve",
  },
  "writes side by side": {
    agent: agentOf([
      {
        kind: "parallel",
        name: "both",
        branches: { left: { steps: [write("book")] }, right: { steps: [write("pay")] } },
      },
    ]),
    decision: "approve",
  },
};
