import type { JsonObject } from "../../lib/contract/index.ts";

/** What a generated agent is made from: its shape, and numbers by which names, references and options are picked. */
export interface AgentPlan {
  readonly ladders: number;
  readonly steps: readonly StepPlan[];
  readonly picks: readonly number[];
  readonly texts: readonly string[];
}

export type StepPlan =
  | { readonly kind: "task" | "wait" | "approval" | "subflow" }
  | { readonly kind: "choose"; readonly branches: readonly BranchPlan[] }
  | { readonly kind: "parallel" | "each"; readonly branches: readonly BranchPlan[] };

export interface BranchPlan {
  readonly steps: readonly StepPlan[];
  readonly ends: boolean;
}

const ITEM = {
  type: "object",
  properties: { id: { type: "string" }, size: { type: "integer" }, parts: { type: "array", maxItems: 2, items: {} } },
  required: ["id", "size"],
};

/** The input, and the output of every task and subflow, of generated agents. */
export const RESULT: JsonObject = {
  type: "object",
  properties: {
    text: { type: "string" },
    count: { type: "number" },
    flag: { type: "boolean" },
    at: { type: "string", format: "date-time" },
    maybe: { type: "string" },
    none: {
      anyOf: [{ type: "object", properties: { deep: { type: "string" } }, required: ["deep"] }, { type: "null" }],
    },
    list: { type: "array", maxItems: 3, items: ITEM },
    "odd-name": { type: "object", properties: { and: { type: "number" } }, required: ["and"] },
  },
  required: ["text", "count", "flag", "at", "none", "list", "odd-name"],
};
