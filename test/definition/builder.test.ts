import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  and,
  approval,
  checkAgent,
  continueWith,
  defineAgent,
  documentOf,
  eq,
  escalate,
  exists,
  ladder,
  lt,
  onEvent,
  oneOf,
  type Refs,
  tier,
  ungated,
} from "../../lib/definition/index.ts";

const Order = z.object({
  id: z.string(),
  total: z.number(),
  note: z.string().optional(),
  due: z.iso.datetime(),
  customer: z.object({ name: z.string() }).nullable(),
  lines: z.array(z.object({ sku: z.string(), count: z.int() })).max(5),
});
const Verdict = z.object({ ok: z.boolean(), reason: z.enum(["small", "late"]).nullable() });
const task = { handler: "./look.ts", effect: "read", output: Verdict, onFailure: "fail" } as const;
const orders = defineAgent({ name: "orders", purpose: "Looks after orders.", input: Order });
const withDesk = defineAgent({
  name: "orders",
  purpose: "Looks after orders.",
  input: Order,
  escalations: { desk: ladder([tier("desk", { within: "4h" })], { otherwise: "compensate" }) },
});
const stepsOf = (declared: Parameters<typeof documentOf>[0]) => documentOf(declared).steps;

test("a declaration is the document that a file would hold", () => {
  const declared = defineAgent({
    name: "orders",
    purpose: "Looks after orders.",
    owners: { business: "sales@example.com", service: "oncall@example.com" },
    success: [{ metric: "completion", atLeast: 0.9 }],
    input: z.object({ id: z.string() }),
    triggers: [onEvent({ source: "shop", detailType: "Ordered", dedupeBy: "id" })],
    budget: { usd: 1 },
    escalations: { desk: ladder([tier("desk", { within: "4h" })]) },
  })
    .step("look", { ...task, input: ($) => ({ id: $.input.id, fixed: ["text", 1, null] }), output: z.object({}) })
    .returns(($) => $.look);
  expect(documentOf(declared)).toEqual({
    holdfast: 1,
    name: "orders",
    purpose: "Looks after orders.",
    owners: { business: "sales@example.com", service: "oncall@example.com" },
    success: [{ metric: "completion", atLeast: 0.9 }],
    input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
    triggers: [{ source: "shop", detailType: "Ordered", dedupeBy: "id" }],
    budget: { usd: 1 },
    escalations: { desk: { tiers: [{ audience: "desk", within: "4h" }] } },
    steps: [
      {
        kind: "task",
        name: "look",
        handler: "./look.ts",
        effect: "read",
        onFailure: "fail",
        input: { id: { $from: "input.id" }, fixed: ["text", 1, null] },
        output: { type: "object", properties: {} },
      },
    ],
    output: { $from: "look" },
  });
  expect(checkAgent(documentOf(declared)).ok).toBe(true);
});

describe("each kind of step becomes data", () => {
  test("approval, with what people are asked", () => {
    const declared = withDesk.approval("ask", {
      ladder: "desk",
      request: ($) => ({ total: $.input.total }),
      onReject: "fail",
    });
    expect(stepsOf(declared)).toEqual([
      { kind: "approval", name: "ask", ladder: "desk", request: { total: { $from: "input.total" } }, onReject: "fail" },
    ]);
  });

  test("wait, for a span or until a time", () => {
    expect(stepsOf(orders.wait("rest", { for: "3d" }).wait("due", { until: ($) => $.input.due }))).toEqual([
      { kind: "wait", name: "rest", for: "3d" },
      { kind: "wait", name: "due", until: { $from: "input.due" } },
    ]);
  });

  test("choose, with conditions and an end", () => {
    const declared = orders.choose("route", {
      branches: [
        {
          name: "small",
          when: ($) => and(lt($.input.total, 10), oneOf($.input.id, ["a", "b"]), exists($.input.note)),
          steps: (flow) => flow.wait("rest", { for: "1s" }),
        },
      ],
      otherwise: (flow) => flow.end(($) => ({ id: $.input.id })),
    });
    expect(stepsOf(declared)).toEqual([
      {
        kind: "choose",
        name: "route",
        branches: [
          {
            name: "small",
            when: {
              $and: [
                { $lt: [{ $from: "input.total" }, 10] },
                { $in: [{ $from: "input.id" }, ["a", "b"]] },
                { $exists: { $from: "input.note" } },
              ],
            },
            steps: [{ kind: "wait", name: "rest", for: "1s" }],
          },
        ],
        otherwise: { steps: [], end: { output: { id: { $from: "input.id" } } } },
      },
    ]);
  });

  test("parallel and each, with what they return", () => {
    const declared = orders.parallel("both", {
      left: (flow) => flow.returns(($) => $.input.total),
      right: (flow) =>
        flow.each("lines", {
          items: ($) => $.input.lines,
          as: "line",
          concurrency: 2,
          steps: (line) => line.returns(($) => $.line.sku),
        }),
    });
    const lines = { kind: "each", name: "lines", items: { $from: "input.lines" }, as: "line", concurrency: 2 };
    expect(stepsOf(declared)).toEqual([
      {
        kind: "parallel",
        name: "both",
        branches: {
          left: { steps: [], output: { $from: "input.total" } },
          right: { steps: [{ ...lines, steps: [], output: { $from: "line.sku" } }] },
        },
      },
    ]);
  });

  test("subflow, gates and outcomes", () => {
    const declared = withDesk
      .subflow("child", { agent: "other", input: ($) => ({ id: $.input.id }), output: Verdict, timeout: "2h" })
      .step("pay", { ...task, effect: "write", gate: approval("desk"), input: () => ({}), onFailure: escalate("desk") })
      .step("file", {
        ...task,
        effect: "write",
        gate: ungated("It changes nothing."),
        input: () => ({}),
        onFailure: continueWith({ ok: false, reason: null }),
      });
    expect(stepsOf(declared)).toMatchObject([
      { kind: "subflow", name: "child", agent: "other", timeout: "2h" },
      { name: "pay", gate: { ladder: "desk" }, onFailure: { escalate: "desk" } },
      { name: "file", gate: { none: "It changes nothing." }, onFailure: { continueWith: { ok: false, reason: null } } },
    ]);
    expect(checkAgent(documentOf(declared)).ok).toBe(true);
  });
});

describe("references are typed by the input and the steps before", () => {
  test("a typo is an error of the compiler, and of check", () => {
    const declared = orders
      .step("look", { ...task, input: ($) => ({ id: $.input.id }) })
      // @ts-expect-error: the input has no `ide`.
      .step("a", { ...task, input: ($) => ({ id: $.input.ide }) })
      // @ts-expect-error: there is no step `loook`.
      .step("b", { ...task, input: ($) => ({ ok: $.loook.ok }) })
      // @ts-expect-error: the output of `look` has no `okay`.
      .step("c", { ...task, input: ($) => ({ ok: $.look.okay }) });
    const result = checkAgent(documentOf(declared));
    expect(result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "unknown-reference steps[1].input.id",
      "unknown-reference steps[2].input.ok",
      "unknown-reference steps[3].input.ok",
    ]);
  });

  test("a later step, a step of a branch and an item outside its each are not there", () => {
    // @ts-expect-error: `next` comes later.
    const early = orders.step("look", { ...task, input: ($) => ({ a: $.next }) });
    const declared = early
      .choose("route", {
        branches: [
          {
            name: "a",
            when: ($) => eq($.look.ok, true),
            steps: (flow) => flow.step("inner", { ...task, input: () => ({}) }),
          },
        ],
        otherwise: (flow) => flow,
      })
      .each("lines", { items: ($) => $.input.lines, as: "line", steps: (line) => line })
      // @ts-expect-error: `inner` may not have run.
      .step("b", { ...task, input: ($) => ({ a: $.inner }) })
      // @ts-expect-error: `line` is known inside the each only.
      .step("c", { ...task, input: ($) => ({ a: $.line }) });
    const result = checkAgent(documentOf(declared));
    expect(result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "unknown-reference steps[0].input.a",
      "step-may-not-have-run steps[3].input.a",
      "unknown-reference steps[4].input.a",
    ]);
  });

  test("comparisons are between values of one type", () => {
    const compare = ($: Refs<{ look: z.input<typeof Verdict>; input: z.input<typeof Order> }>) => [
      eq($.look.reason, "small"),
      // @ts-expect-error: not one of the reasons.
      eq($.look.reason, "smal"),
      // @ts-expect-error: a number is not a text.
      lt($.input.total, "10"),
      // @ts-expect-error: booleans have no order.
      lt($.look.ok, true),
      // @ts-expect-error: what may be absent has no order.
      lt($.input.note, "b"),
    ];
    expect(compare).toBeTypeOf("function");
  });

  test("what may be absent evaluates to null", () => {
    const declared = orders.parallel("both", {
      one: (flow) => flow.returns(($) => ({ note: $.input.note, customer: $.input.customer.name, id: $.input.id })),
    });
    const scope = declared.returns(($) => $.both.one);
    expectTypeOf(scope.outputType).toEqualTypeOf<
      { note: string | null; customer: string | null; id: string } | undefined
    >();
    const result = checkAgent(documentOf(scope));
    expect(result.ok).toBe(true);
  });
});

test("a declaration is not changed by going on from it", () => {
  const base = orders.wait("first", { for: "1s" });
  base.wait("second", { for: "1s" });
  expect(stepsOf(base)).toHaveLength(1);
});

test("a schema that JSON Schema cannot say, and a part of an agent, are refused", () => {
  expect(() => orders.step("look", { ...task, input: () => ({}), output: z.object({ when: z.date() }) })).toThrow(
    /[Dd]ate/,
  );
  const bare = { "~standard": { version: 1, vendor: "homemade" } } as const;
  expect(() => orders.step("look", { ...task, input: () => ({}), output: bare })).toThrow(
    "This homemade schema cannot be converted to JSON Schema. Use a library with Standard JSON Schema, such as zod 4.2 or later.",
  );
  expect(() => documentOf({ parts: { steps: [] } })).toThrow("Begin the declaration with defineAgent.");
});

describe("reasoning, with tools that are known by name", () => {
  const shop = defineAgent({
    name: "shop",
    purpose: "Answers questions about orders.",
    input: Order,
    tools: {
      order: {
        ...{ description: "Looks an order up.", handler: "./order.ts", effect: "read", idempotency: "natural" },
        ...{ timeout: "5s", breaker: { failures: 3, halfOpenAfter: "30s" }, health: "calls", fallback: "none" },
        input: z.object({ id: z.string() }),
        output: z.object({ paid: z.boolean(), total: z.number() }),
      },
      stock: {
        ...{ description: "Looks into the stock.", effect: "read", idempotency: "natural" },
        ...{ timeout: "5s", breaker: { failures: 3, halfOpenAfter: "30s" }, health: "calls", fallback: "none" },
        mcp: {
          server: "shop",
          tool: "stock",
          pinned: "11d7cdd18b19471b86e815ed356727ba4d31b175c27ca6d6f1e9ce69a5888270",
        },
        input: { type: "object" },
        output: { type: "object" },
      },
    },
    mcpServers: { shop: { url: "https://shop.example.com/mcp" } },
    models: { "openai/gpt": { prices: { input: 1, output: 2 }, endpoint: { url: "https://models.example.com/v1" } } },
  });
  const thinking = {
    goal: "Find out whether the order is in order.",
    instructions: "Be brief.",
    input: ($: Refs<{ input: z.input<typeof Order> }>) => ({ id: $.input.id }),
    output: Verdict,
    onFailure: "fail",
  } as const;

  test("becomes data: the tools with their schemas, the conditions with what they name", () => {
    const declared = shop.reason("think", {
      ...thinking,
      input: ($) => ({ id: $.input.id }),
      tools: ["order", "stock"],
      models: {
        first: "scripted/script.yaml",
        strong: { model: "openai/gpt", when: ($) => lt($.failures, 3) },
        fallback: "openai/gpt",
      },
      enough: ({ facts, input }) => and(eq(facts.order.paid, true), exists(facts.stock), eq(input.id, "a")),
      limits: { usd: 0.1 },
    });
    const document = documentOf(declared);
    expect(document.tools).toMatchObject({
      order: { handler: "./order.ts", input: { type: "object", properties: { id: { type: "string" } } } },
      stock: { input: { type: "object" }, output: { type: "object" } },
    });
    expect(document.steps).toMatchObject([
      {
        kind: "reason",
        name: "think",
        tools: ["order", "stock"],
        input: { id: { $from: "input.id" } },
        models: {
          first: "scripted/script.yaml",
          strong: { model: "openai/gpt", when: { $lt: [{ $from: "failures" }, 3] } },
          fallback: "openai/gpt",
        },
        enough: {
          $and: [
            { $eq: [{ $from: "facts.order.paid" }, true] },
            { $exists: { $from: "facts.stock" } },
            { $eq: [{ $from: "input.id" }, "a"] },
          ],
        },
      },
    ]);
    expect(checkAgent(document)).toMatchObject({ ok: true });
  });

  test("its output is known to the steps after it, and in branches its tools are", () => {
    const declared = shop
      .choose("route", {
        branches: [
          {
            name: "large",
            when: ($) => lt($.input.total, 10),
            steps: (flow) =>
              flow.reason("inner", { ...thinking, tools: ["order"], models: { first: "scripted/a.yaml" } }),
          },
        ],
        otherwise: (flow) => flow,
      })
      .reason("think", { ...thinking, tools: ["order", "stock"], models: { first: "scripted/a.yaml" } })
      .returns(($) => ({ ok: $.think.ok }));
    expectTypeOf(declared.outputType).toEqualTypeOf<{ ok: boolean } | undefined>();
    expect(checkAgent(documentOf(declared))).toMatchObject({ ok: true });
  });

  test("a typo is an error of the compiler, and of check", () => {
    const models = { first: "scripted/a.yaml" };
    const declared = shop
      // @ts-expect-error: there is no tool `orders`.
      .reason("a", { ...thinking, tools: ["orders", "stock"], models })
      // @ts-expect-error: `order` does not answer `payed`.
      .reason("b", { ...thinking, tools: ["order"], models, enough: ({ facts }) => eq(facts.order.payed, true) })
      // @ts-expect-error: `stock` is not among the step's tools.
      .reason("c", { ...thinking, tools: ["order"], models, enough: ({ facts }) => exists(facts.stock) })
      // @ts-expect-error: the output of `c` has no `okay`.
      .step("d", { ...task, input: ($) => ({ ok: $.c.okay }) });
    const result = checkAgent(documentOf(declared));
    expect(result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "unknown-tool steps[0].tools[0]",
      "unknown-reference steps[1].enough.$eq[0]",
      "unknown-reference steps[2].enough.$exists",
      "unknown-reference steps[3].input.ok",
    ]);
  });

  test("an agent without tools cannot reason with any", () => {
    // @ts-expect-error: there is no tool `order`.
    orders.reason("think", { ...thinking, tools: ["order"], models: { first: "scripted/a.yaml" } });
  });
});
