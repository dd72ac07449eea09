import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  type AgentDocument,
  allSteps,
  checkAgent,
  effectOf,
  gateLadder,
  isWork,
  needsOf,
  pricesOf,
  sourceOf,
  stepDefinition,
  writesOf,
} from "../../lib/definition/index.ts";
import { agent, desk, type Raw, reason } from "./documents.ts";
import { FIND_PIN, tool, write } from "./tool-cases.ts";

const none = tool({ effect: "none" });
const TOOLS = { none, order: tool(), pay: write(), refund: write({ gate: undefined, idempotency: "keyed" }) };

/** A checked agent that reasons, and its step. */
function thinking(step: Raw = {}, more: Raw = {}) {
  const own = reason(step);
  const named: unknown[] = Array.isArray(own.tools) ? own.tools : [];
  const tools = Object.fromEntries(Object.entries(TOOLS).filter(([name]) => named.includes(name)));
  const document = agent({ tools, escalations: { desk }, steps: [own], ...more });
  const result = checkAgent(document);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const [found] = [...allSteps(result.agent.steps)].filter(isWork);
  if (found?.kind !== "reason") throw new TypeError("The agent does not reason.");
  return { agent: result.agent, step: found };
}

test("a reasoning step has its defaults filled in", () => {
  expect(thinking().step).toMatchObject({
    maxTokens: 4_096,
    contextTokens: 60_000,
    limits: { turns: 20 },
    timeout: "5m",
    memory: 512,
    retry: "standard",
    needs: [],
  });
});

test("a tool that a step has a second more for than a call and its record takes is well", () => {
  expect(thinking({ timeout: "8s" }).step.timeout).toBe("8s");
});

test.each([
  [["none"], "none"],
  [["none", "order"], "read"],
  [["order", "pay", "none"], "write"],
])("with the tools %j its effect is %s", (tools, effect) => {
  const { agent, step } = thinking({ tools });
  expect(effectOf(agent, step)).toBe(effect);
  expect(stepDefinition(agent, step).effect).toBe(effect);
});

test("it has no gate of its own: each of its writes has", () => {
  const { agent, step } = thinking({ tools: ["order", "pay", "refund"] });
  expect(gateLadder(agent, step)).toBeUndefined();
  const { gated, reason } = stepDefinition(agent, step);
  expect(gated).toBe(false);
  expect(reason?.tools.map(({ name, gated }) => [name, gated])).toEqual([
    ["order", false],
    ["pay", false],
    ["refund", true],
  ]);
});

describe("what its writes leave when the run is given up", () => {
  const written = (step: Raw) => {
    const { undoable, lasting } = writesOf(thinking(step).agent);
    return [undoable.map(({ name }) => name), lasting.map(({ name }) => name)];
  };
  test.each([
    ["nothing, where no tool writes", { tools: ["order"] }, [[], []]],
    ["what nobody undoes", { tools: ["pay"] }, [[], ["think"]]],
    ["what can be undone", { tools: ["pay"], compensate: "./undo.ts" }, [["think"], []]],
    ["what need not be undone", { tools: ["pay"], compensate: { none: "It is only a note." } }, [[], []]],
  ])("%s", (_, step, expected) => {
    expect(written(step)).toEqual(expected);
  });
});

describe("what its function knows", () => {
  const known = (step: Raw = {}, more: Raw = {}) => {
    const declared = thinking(step, more);
    return stepDefinition(declared.agent, declared.step).reason;
  };

  test("is plain JSON, with the digest of the instructions and times in seconds", () => {
    const enough = { $eq: [{ $from: "facts.order.paid" }, true] };
    const definition = known({ enough, maxTokens: 8, limits: { turns: 4, tokens: 9, usd: 0.1, time: "2h" } });
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(definition).toMatchObject({
      instructions: "Be brief.",
      instructionsDigest: createHash("sha256").update("Be brief.").digest("hex"),
      limits: { turns: 4, tokens: 9, usd: 0.1, seconds: 7_200 },
      enough,
    });
  });

  test("has each model with its price: declared, else by list, and scripts for nothing", () => {
    const when = { $gte: [{ $from: "failures" }, 2] };
    const models = {
      first: "scripted/a.yaml",
      strong: { model: "eu.amazon.nova-pro-v1:0", when },
      fallback: "openai/gpt",
    };
    const prices = { input: 1, output: 2 };
    const endpoint = { url: "http://localhost:1234/v1" };
    expect(known({ models }, { models: { "openai/gpt": { prices, endpoint } } })?.models).toEqual({
      first: { id: "scripted/a.yaml", prices: { input: 0, output: 0 } },
      strong: { id: "eu.amazon.nova-pro-v1:0", when, prices: expect.objectContaining({ input: 0.8, output: 3.2 }) },
      fallback: { id: "openai/gpt", prices },
    });
  });

  test("prices that are declared go before those of the list", () => {
    const prices = { input: 7, output: 8 };
    expect(pricesOf({ "eu.amazon.nova-pro-v1:0": { prices } }, "eu.amazon.nova-pro-v1:0")).toEqual(prices);
    expect(pricesOf({}, "constructor")).toBeUndefined();
  });
});

describe("what its role may touch", () => {
  const needs = (step: Raw, more: Raw = {}) => {
    const declared = thinking(step, more);
    return needsOf(declared.agent, declared.step);
  };
  const away = (more: Raw) => tool({ handler: undefined, ...more });

  test("is its models at Bedrock, once each, and what it declares", () => {
    const bucket = { bucket: "shop-orders", access: "read" };
    const models = {
      first: "eu.amazon.nova-lite-v1:0",
      strong: { model: "eu.amazon.nova-pro-v1:0", when: { $exists: { $from: "input" } } },
      fallback: "eu.amazon.nova-lite-v1:0",
    };
    expect(needs({ models, needs: [bucket] })).toEqual([
      { ...bucket, prefix: "" },
      { model: "eu.amazon.nova-lite-v1:0" },
      { model: "eu.amazon.nova-pro-v1:0" },
    ]);
    expect(needs({ models: { first: "scripted/a.yaml" } })).toEqual([]);
  });

  test("is the secrets of the endpoints that it asks", () => {
    const model = { prices: { input: 1, output: 2 } };
    const at = (endpoint: Raw) => ({ ...model, endpoint: { url: "https://a.example.com/v1", ...endpoint } });
    const models = {
      "openai/a": at({ auth: { secret: "openai/key" } }),
      "openai/b": at({}),
      "openai/c": at({ auth: { secret: "other/key" } }),
    };
    expect(needs({ models: { first: "openai/a", fallback: "openai/b" } }, { models })).toEqual([
      { secret: "openai/key" },
    ]);
  });

  test("is the functions that its tools are, and the secrets that they are called with", () => {
    const tools = {
      order: away({ lambda: "shop-orders:live" }),
      http: away({ http: { url: "https://a.example.com/", method: "GET", auth: { secret: "shop/api" } } }),
      mcp: away({ mcp: { server: "shop", tool: "find", pinned: FIND_PIN } }),
      local: away({ mcp: { server: "notes", tool: "find", pinned: FIND_PIN } }),
      other: away({ lambda: "not-of-this-step" }),
    };
    const mcpServers = {
      shop: { url: "https://a.example.com/mcp", auth: { secret: "shop/mcp" } },
      notes: { command: "notes", env: { TOKEN: { secret: "notes/token" } } },
    };
    const step = { tools: ["order", "http", "mcp", "local"], models: { first: "scripted/a.yaml" } };
    const steps = [reason(step), reason({ name: "another", tools: ["other"] })];
    expect(needs(step, { tools, mcpServers, steps })).toEqual([
      { function: "shop-orders:live" },
      { secret: "shop/api" },
      { secret: "shop/mcp" },
    ]);
  });
});

test("a model is asked at Bedrock, of a script beside the agent or at the endpoint that is declared", () => {
  const endpoint = { url: "https://models.example.com/v1" };
  const models = { "openai/acme/gpt": { prices: { input: 1, output: 2 }, endpoint } };
  expect(sourceOf(models, "scripted/scripts/desk.yaml")).toEqual({ kind: "script", file: "scripts/desk.yaml" });
  expect(sourceOf(models, "eu.amazon.nova-pro-v1:0")).toEqual({ kind: "bedrock" });
  expect(sourceOf(models, "openai/acme/gpt")).toEqual({ kind: "openai", model: "acme/gpt", endpoint });
  expect(sourceOf(models, "openai/other")).toBeUndefined();
});

describe("what is denied of a fact is well", () => {
  const paid = { $from: "facts.order.paid" };
  const isPaid = { $eq: [paid, true] };
  const known = { $exists: paid };
  test.each([
    ["beside an exists of it", { $and: [{ $ne: [paid, true] }, known] }],
    ["beside an exists around it", { $and: [known, { $or: [{ $not: isPaid }, { $not: { $in: [paid, [true]] } }] }] }],
    ["where that it is not there is denied, too", { $not: { $or: [{ $not: known }, isPaid] } }],
    ["where that is denied again", { $not: { $ne: [paid, true] } }],
    ["where it is no fact", { $ne: [{ $from: "turn" }, 1] }],
  ])("%s", (_, enough) => {
    expect(thinking({ enough }).step.enough).toEqual(enough);
  });
});

test("an agent without tools is what it was", () => {
  const result = checkAgent(agent());
  expect(result).toMatchObject({
    ok: true,
    agent: { tools: {}, mcpServers: {}, models: {} } satisfies Partial<AgentDocument>,
  });
});
