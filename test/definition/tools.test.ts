import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { AgentDocument, McpServers, Tool, Tools, toolDefinition, toolProblems } from "../../lib/definition/index.ts";
import { desk, type Raw } from "./documents.ts";
import { FIND_PIN, PLACES, TOOL_CASES, tool, write } from "./tool-cases.ts";

const problemsOf = (tools: Raw, mcpServers: Raw = {}, escalations: Raw = {}) =>
  toolProblems(Tools.parse(tools), McpServers.parse(mcpServers), {
    escalations: AgentDocument.shape.escalations.parse(escalations),
  });

/** What is wrong with the shape of a tool, by place. */
const shapeOf = (declared: unknown) => {
  const { error } = Tools.safeParse({ order: declared });
  return error?.issues.map(({ path, message }) => `${path.slice(1).join(".")}: ${message}`) ?? [];
};

describe("one thing wrong with tools is one problem, at its place, with what is allowed", () => {
  test.each(TOOL_CASES.map((one) => [one.problem.code, one.title, one] as const))("%s: %s", (_code, _title, one) => {
    expect(problemsOf(one.tools, one.mcpServers, one.escalations)).toEqual([one.problem]);
  });
});

test("fallbacks that come around are told of at each tool that is part of it, and at no other", () => {
  const tools = {
    outside: tool({ fallback: { tool: "one" } }),
    one: tool({ fallback: { tool: "two" } }),
    two: tool({ fallback: { tool: "one" } }),
  };
  expect(problemsOf(tools).map(({ code, path }) => `${code} ${path}`)).toEqual([
    "fallback-cycle tools.one.fallback.tool",
    "fallback-cycle tools.two.fallback.tool",
  ]);
});

test("what is well has no problem", () => {
  const mcp = { server: "shop", tool: "find", pinned: FIND_PIN };
  const tools = {
    order: tool({ fallback: { continueWith: { paid: false } }, health: { probe: { id: "7" } } }),
    find: tool({ handler: undefined, mcp, fallback: { tool: "order" }, onFailure: { drift: "fallback" } }),
    pay: write({ gate: { ladder: "desk" }, idempotency: "keyed", onFailure: { timeout: "retry", rate: "tell" } }),
    refund: write({ gate: undefined }),
    price: tool({
      ...{ handler: undefined, input: PLACES },
      http: { url: "https://a.example.com/{id}?limit={in-cents}", method: "GET" },
    }),
  };
  expect(problemsOf(tools, { shop: { command: "shop-mcp" } }, { desk })).toEqual([]);
});

test("the tools in the documentation are well", () => {
  const text = readFileSync(fileURLToPath(new URL("../../docs/tools.md", import.meta.url)), "utf8");
  const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = ""]) => parse(yaml));
  const { tools, mcpServers } = Object.assign({}, ...examples);
  expect(Object.keys({ ...tools, ...mcpServers })).toEqual(["order", "shop", "notes"]);
  expect(problemsOf(tools, mcpServers)).toEqual([]);
});

describe("a tool", () => {
  test.each(["description", "input", "output", "timeout", "idempotency", "breaker", "health", "fallback"])(
    "without %s is none",
    (name) => {
      expect(shapeOf(tool({ [name]: undefined }))).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    },
  );

  test("writes unless it says otherwise", () => {
    expect(Tools.parse({ pay: tool({ effect: undefined }) }).pay?.effect).toBe("write");
  });

  test.each([
    ["no way to it", { handler: undefined }],
    ["two ways to it", { lambda: "orders" }],
  ])("with %s is none", (_, more) => {
    expect(shapeOf(tool(more))).toEqual([": needs exactly one of handler, lambda, http, mcp"]);
  });

  const http = (more: Raw) =>
    tool({ handler: undefined, http: { url: "https://a.example.com/", method: "POST", ...more } });
  test.each([
    ["over plain HTTP", { url: "http://a.example.com/" }],
    ["with credentials in its URL", { url: "https://me:secret@a.example.com/" }],
    ["whose host the model chooses", { url: "https://{host}/orders" }],
    ["whose host the model completes", { url: "https://a.{host}/orders" }],
    ["with a backslash in its URL", { url: "https://a.example.com\\@b.example.com/" }],
    ["with its credentials in plain text", { headers: { Authorization: "Bearer x" } }],
    ["with a header of two lines", { headers: { "x-shop": "a\r\nb: c" } }],
  ])("%s is none", (_, more) => {
    expect(shapeOf(http(more))).toHaveLength(1);
  });

  test.each([["http://localhost:3000/{id}"], ["http://127.0.0.1/"], ["https://a.example.com:8443/v1/{id}?q={q}"]])(
    "at %s is well",
    (url) => {
      expect(shapeOf(http({ url }))).toEqual([]);
    },
  );
});

describe("what a step's function knows of a tool", () => {
  const known = (declared: Raw, servers: Raw = {}) => {
    const order = Tool.parse(declared);
    return toolDefinition("order", order, McpServers.parse(servers));
  };

  test("is plain JSON, with times in seconds, its server and how much that takes", () => {
    const mcp = { server: "shop", tool: "find", pinned: FIND_PIN };
    const definition = known(tool({ handler: undefined, mcp }), {
      shop: { command: "shop-mcp", concurrency: 2, queue: 0 },
    });
    expect(JSON.parse(JSON.stringify(definition))).toEqual(definition);
    expect(definition).toMatchObject({
      timeoutSeconds: 5,
      breaker: { failures: 3, withinSeconds: 60, halfOpenAfterSeconds: 30 },
      server: "shop",
      bulkhead: { concurrency: 2, queue: 0 },
      pinned: { tool: "find", hash: mcp.pinned },
    });
  });

  test.each([
    ["reads", tool(), { auth: "escalate", schema: "tell", rate: "retry", drift: "escalate", timeout: "retry" }],
    [
      "has a fallback",
      tool({ fallback: { continueWith: { paid: false } } }),
      { auth: "escalate", schema: "fallback", rate: "retry", drift: "escalate", timeout: "fallback" },
    ],
    [
      "writes",
      write(),
      { auth: "escalate", schema: "escalate", rate: "retry", drift: "escalate", timeout: "escalate" },
    ],
    [
      "writes and knows repeats",
      write({ idempotency: "keyed" }),
      { auth: "escalate", schema: "escalate", rate: "retry", drift: "escalate", timeout: "retry" },
    ],
  ])("that %s holds a safe reaction to each failure", (_, declared, reactions) => {
    expect(known(declared).reactions).toEqual(reactions);
  });
});
