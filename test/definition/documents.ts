import type { AgentDocument } from "../../lib/definition/index.ts";

/** Documents as a file would hold them: untyped, so that anything can be wrong with them. */
export type Raw = Readonly<Record<string, unknown>>;

export const ORDER = {
  type: "object",
  properties: {
    id: { type: "string" },
    total: { type: "number" },
    note: { type: "string" },
    due: { type: "string", format: "date-time" },
    lines: {
      type: "array",
      maxItems: 3,
      items: { type: "object", properties: { sku: { type: "string" } }, required: ["sku"] },
    },
    tags: { type: "array", items: { type: "string" } },
  },
  required: ["id", "total", "due", "lines", "tags"],
};

export const agent = (changes: Raw = {}): Raw => ({
  holdfast: 1,
  name: "orders",
  purpose: "Looks after orders.",
  input: ORDER,
  steps: [task()],
  ...changes,
});

export const task = (changes: Raw = {}): Raw => ({
  kind: "task",
  name: "look",
  handler: "./look.ts",
  effect: "read",
  output: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
  onFailure: "fail",
  ...changes,
});

/** A reasoning step with the one tool `order`. */
export const reason = (changes: Raw = {}): Raw => ({
  kind: "reason",
  name: "think",
  goal: "Find out whether the order is paid.",
  instructions: "Be brief.",
  tools: ["order"],
  models: { first: "eu.amazon.nova-pro-v1:0" },
  input: { id: { $from: "input.id" } },
  output: { type: "object", properties: { ok: { type: "boolean" } }, required: ["ok"] },
  onFailure: "fail",
  ...changes,
});

export const wait = (name: string): Raw => ({ kind: "wait", name, for: "1s" });
export const desk = { tiers: [{ audience: "desk", within: "4h" }] };
export const ifPaid = (steps: readonly Raw[], otherwise: Raw = { steps: [] }): Raw => ({
  kind: "choose",
  name: "route",
  branches: [{ name: "paid", when: { $eq: [{ $from: "input.total" }, 0] }, steps }],
  otherwise,
});
export const each = (changes: Raw = {}): Raw => ({
  kind: "each",
  name: "items",
  items: { $from: "input.lines" },
  as: "line",
  steps: [],
  ...changes,
});

/** A checked agent that others may name, with whatever steps. */
export const known = (name: string, steps: readonly Raw[]) =>
  [name, { ...agent({ name, steps }), escalations: {} } as AgentDocument] as const;
