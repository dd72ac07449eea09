import type { Problem } from "../../lib/definition/index.ts";
import { desk, type Raw } from "./documents.ts";

/** Tools, and what else of a document they lean on, with one thing wrong, and the problem that tells of it. */
export interface ToolCase {
  readonly title: string;
  readonly tools: Readonly<Record<string, Raw>>;
  readonly mcpServers?: Readonly<Record<string, Raw>>;
  readonly escalations?: Raw;
  readonly problem: Problem;
}

const ID = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
const PAID = { type: "object", properties: { paid: { type: "boolean" } }, required: ["paid"] };

export const PLACES = {
  type: "object",
  properties: {
    ...ID.properties,
    ...PAID.properties,
    note: { type: "string" },
    "in-cents": { type: ["integer", "string"] },
  },
  required: ["id", "paid", "in-cents"],
};

export const tool = (more: Raw = {}): Raw => ({
  description: "Looks an order up.",
  input: ID,
  output: PAID,
  effect: "read",
  timeout: "5s",
  idempotency: "natural",
  breaker: { failures: 3, halfOpenAfter: "30s" },
  health: "calls",
  fallback: "none",
  handler: "./order.ts",
  ...more,
});

/** Pins `tool()`, which its server lists as `find`: SHA-256 of {"description":"Looks an order up.","input":{…},"name":"find"}. */
export const FIND_PIN = "942cdb48b0e2ae3c64172d0f08c966cf8380b820d397211d551065a58def3df8";

/** A write that nobody approves, since it says why. */
export const write = (more: Raw = {}): Raw =>
  tool({ effect: "write", idempotency: "none", gate: { none: "nobody has to approve" }, ...more });

export const TOOL_CASES: readonly ToolCase[] = [
  {
    title: "the name of a model's way out",
    tools: { "ask-people": tool() },
    problem: {
      code: "reserved-name",
      path: "tools.ask-people",
      message: "ask-people is what models call to come to an end. Choose another name.",
    },
  },
  {
    title: "an input that is no object",
    tools: { order: tool({ input: { type: "string" } }) },
    problem: {
      code: "unusable-schema",
      path: "tools.order.input",
      message: 'Models call tools with an object: its schema must say type: "object".',
    },
  },
  {
    title: "a server that is not declared",
    tools: { order: tool({ handler: undefined, mcp: { server: "shop", tool: "find", pinned: FIND_PIN } }) },
    mcpServers: { desk: { url: "https://desk.example.com/mcp" } },
    problem: {
      code: "unknown-mcp-server",
      path: "tools.order.mcp.server",
      message: "There is no MCP server shop. Allowed: desk; servers are declared under mcpServers.",
    },
  },
  ...(
    [
      ["no property of the input", "https://shop.example.com/orders/{order}", "{order}"],
      ["no name at all", "https://shop.example.com/orders/{}", "{}"],
      ["what the input may lack", "https://shop.example.com/orders?note={note}", "{note}"],
      ["no text and no number", "https://shop.example.com/{id}/{paid}", "{paid}"],
    ] as const
  ).map(
    ([what, url, place]): ToolCase => ({
      title: `a URL with a place for ${what}`,
      tools: { order: tool({ handler: undefined, input: PLACES, http: { url, method: "GET" } }) },
      problem: {
        code: "unknown-placeholder",
        path: "tools.order.http.url",
        message: `${place} stands for no required text or number of the input: no URL can be made without it. Make it one in the input's schema, or take it out.`,
      },
    }),
  ),
  {
    title: "a pin of something else than what is declared",
    tools: { order: tool({ handler: undefined, mcp: { server: "shop", tool: "search", pinned: FIND_PIN } }) },
    mcpServers: { shop: { url: "https://shop.example.com/mcp" } },
    problem: {
      code: "pin-differs",
      path: "tools.order.mcp.pinned",
      message:
        "It is not the hash of what is declared here of search: every call would end in tool-drifted. Look at what shop lists with npx holdfast tools, and pin what you trust.",
    },
  },
  {
    title: "a write that nobody approves",
    tools: { pay: write({ gate: undefined }) },
    problem: {
      code: "ungated-write",
      path: "tools.pay.gate",
      message:
        'Tool pay writes (effect unset means write) and nobody approves it. Declare a gate, a default ladder, effect: none or read, or gate: { none: "<why nobody has to approve>" }.',
    },
  },
  {
    title: "a write that unknown people approve",
    tools: { pay: write({ gate: { ladder: "clerks" } }) },
    escalations: { desk },
    problem: {
      code: "unknown-ladder",
      path: "tools.pay.gate.ladder",
      message: "There is no ladder clerks. Allowed: desk; ladders are declared under escalations.",
    },
  },
  {
    title: "a gate on what does not write",
    tools: { order: tool({ gate: { ladder: "desk" } }) },
    escalations: { desk },
    problem: {
      code: "gate-without-write",
      path: "tools.order.gate",
      message: "Tool order has effect read; only writes are gated. Remove the gate, or set effect: write.",
    },
  },
  {
    title: "a fallback to a tool that is not there",
    tools: { order: tool({ fallback: { tool: "copy" } }), other: tool() },
    problem: {
      code: "unknown-tool",
      path: "tools.order.fallback.tool",
      message: "There is no tool copy. Allowed: other.",
    },
  },
  {
    title: "a write in the place of a read",
    tools: { order: tool({ fallback: { tool: "pay" } }), pay: write() },
    problem: {
      code: "fallback-writes",
      path: "tools.order.fallback.tool",
      message:
        "pay writes, and nobody would have approved that write in the place of order. Name a tool that reads, or continueWith.",
    },
  },
  {
    title: "a tool that stands in for itself",
    tools: { order: tool({ fallback: { tool: "order" } }) },
    problem: {
      code: "fallback-cycle",
      path: "tools.order.fallback.tool",
      message: "order falls back to order again, without end. Break the cycle.",
    },
  },
  {
    title: "a reaction that falls back on nothing",
    tools: { order: tool({ onFailure: { timeout: "fallback" } }) },
    problem: {
      code: "fallback-missing",
      path: "tools.order.onFailure.timeout",
      message: 'There is nothing to fall back to: fallback is "none". Declare a fallback, or another reaction.',
    },
  },
  {
    title: "a write that is repeated although it may have been done",
    tools: { pay: write({ onFailure: { timeout: "retry" } }) },
    problem: {
      code: "write-repeated",
      path: "tools.pay.onFailure.timeout",
      message:
        'The write may have taken effect all the same: after retry it could be done twice. Allowed: escalate; or retry, with idempotency "natural" or "keyed".',
    },
  },
  {
    title: "a write that the model is told to have failed although it may have been done",
    tools: { pay: write({ idempotency: "keyed", onFailure: { schema: "tell" } }) },
    problem: {
      code: "write-repeated",
      path: "tools.pay.onFailure.schema",
      message:
        "The write may have taken effect all the same: after tell it could be done twice. Allowed: escalate or retry.",
    },
  },
  {
    title: "a probe that writes",
    tools: { pay: write({ health: { probe: { id: "7" } } }) },
    problem: {
      code: "probe-writes",
      path: "tools.pay.health.probe",
      message: 'The tool writes, and so would its probe. Set health: "calls".',
    },
  },
  {
    title: "a probe that its tool does not take",
    tools: { order: tool({ health: { probe: {} } }) },
    problem: {
      code: "tool-value-invalid",
      path: "tools.order.health.probe",
      message: 'It is not what the tool\'s schema allows: Instance does not have required property "id".',
    },
  },
  {
    title: "a fallback that is no output of its tool",
    tools: { order: tool({ fallback: { continueWith: { paid: "no" } } }) },
    problem: {
      code: "tool-value-invalid",
      path: "tools.order.fallback.continueWith",
      message: 'It is not what the tool\'s schema allows: Instance type "string" is invalid. Expected "boolean".',
    },
  },
];
