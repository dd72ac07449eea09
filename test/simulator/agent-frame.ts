/** What every simulated task yields. */
export const OUTPUT = {
  type: "object",
  properties: { value: { type: "number" }, attempt: { type: "number" } },
  required: ["value"],
} as const;

export const INPUT = {
  type: "object",
  properties: {
    id: { type: "string" },
    delivery: { type: "number" },
    amount: { type: "number" },
    asker: { type: "string" },
    items: {
      type: "array",
      maxItems: 4,
      items: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
    },
  },
  required: ["id", "delivery", "amount", "asker", "items"],
} as const;

/** What every simulated agent begins with. */
export const FRAME = {
  holdfast: 1,
  purpose: "Is simulated.",
  input: INPUT,
  requester: "asker",
  triggers: [{ source: "simulator", detailType: "Asked", dedupeBy: "id" }],
} as const;

/** Who decides in simulations. */
export const PEOPLE = ["ann", "bob", "cid", "dan"] as const;
