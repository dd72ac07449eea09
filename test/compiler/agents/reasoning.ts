import { approval, defineAgent, exists, ungated } from "../../../lib/definition/index.ts";
import { about, desk, Verdict } from "./schemas.ts";

const tool = {
  input: Verdict,
  output: Verdict,
  timeout: "10s",
  breaker: { failures: 5, halfOpenAfter: "30s" },
  health: "calls",
  fallback: "none",
  handler: "./tool.ts",
} as const;
const write = { ...tool, effect: "write", idempotency: "keyed" } as const;

const model = { first: "scripted/script.yaml" } as const;

/** Loops: one that reads, one whose writes wait for two ladders, and the same within an `each`. */
export const reasoning = defineAgent({
  name: "reasoning",
  ...about,
  escalations: { desk, board: desk },
  defaultLadder: "desk",
  tools: {
    look: { ...tool, description: "Looks.", effect: "read", idempotency: "natural" },
    pay: { ...write, description: "Pays.", gate: approval("board") },
    book: { ...write, description: "Books." },
    note: { ...write, description: "Notes.", gate: ungated("Nobody reads it.") },
  },
})
  .reason("find", {
    goal: "Find out.",
    instructions: "Look.",
    input: ($) => $.input,
    output: Verdict,
    tools: ["look"],
    models: model,
    limits: { turns: 3 },
    enough: ({ facts }) => exists(facts.look),
  })
  .reason("settle", {
    goal: "Settle it.",
    instructions: "Pay or book.",
    input: ($) => $.find,
    output: Verdict,
    tools: ["look", "pay", "book", "note"],
    models: model,
    compensate: "./unsettle.ts",
  })
  .each("lines", {
    items: ($) => $.input.lines,
    as: "line",
    steps: (line) =>
      line.reason("post", {
        goal: "Post the line.",
        instructions: "Book it.",
        input: ($) => ({ line: $.line }),
        output: Verdict,
        tools: ["book"],
        models: model,
        compensate: { none: "Books are kept." },
      }),
  });
