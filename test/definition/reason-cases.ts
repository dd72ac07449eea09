import { agent, desk, type Raw, reason } from "./documents.ts";
import type { ProblemCase } from "./problem-case.ts";
import { tool, write } from "./tool-cases.ts";

const TOOLS = { order: tool() };
const PRICES = { input: 1, output: 2 };
/** An agent that does nothing but reason. */
const thinking = (step: Raw, more: Raw = {}) => agent({ tools: TOOLS, steps: [reason(step)], ...more });
const strong = (when: Raw) => ({ models: { first: "scripted/a.yaml", strong: { model: "scripted/b.json", when } } });
const paid = { $from: "facts.order.paid" };
const isPaid = { $eq: [paid, true] };
const isKnown = { $exists: { $from: "facts.order" } };

const tooEarly = (title: string, step: Raw, path: string): ProblemCase => ({
  title,
  document: thinking(step),
  problem: {
    code: "may-be-absent",
    path: `steps[0].${path}`,
    message:
      'It holds before there is any facts.order, too. Put { $exists: { $from: "facts.order" } } beside it, under $and.',
  },
});

const shape = (title: string, step: Raw, path: string, message: string): ProblemCase => ({
  title,
  document: thinking(step),
  problem: { code: "invalid-shape", path: `steps[0].${path}`, message },
});
const MODEL =
  'must be a model or an inference profile of Bedrock, such as "eu.amazon.nova-pro-v1:0", "scripted/<file beside the agent>" or "openai/<model>"';

/** Reasoning steps with one thing wrong. */
export const REASON_CASES: readonly ProblemCase[] = [
  shape("a goal of nothing", { goal: "" }, "goal", "Too small: expected string to have >=1 characters"),
  shape("thinking without tools", { tools: [] }, "tools", "Too small: expected array to have >=1 items"),
  shape("a tool named twice", { tools: ["order", "order"] }, "tools", "must name each tool once"),
  shape(
    "more turns than any loop takes",
    { limits: { turns: 101 } },
    "limits.turns",
    "Too big: expected number to be <=100",
  ),
  shape("a model of nobody", { models: { first: "nobody/model" } }, "models.first", MODEL),
  shape("a script outside the agent's folder", { models: { first: "scripted/../a.yaml" } }, "models.first", MODEL),
  {
    title: "an effect besides that of its tools",
    document: thinking({ effect: "read" }),
    problem: { code: "invalid-shape", path: "steps[0]", message: 'Unrecognized key: "effect"' },
  },
  {
    title: "a tool that the agent does not have",
    document: thinking({ tools: ["order", "constructor"] }),
    problem: {
      code: "unknown-tool",
      path: "steps[0].tools[1]",
      message: "There is no tool constructor. Allowed: order; tools are declared under tools.",
    },
  },
  {
    title: "a tool whose fallback the step does not have",
    document: thinking({}, { tools: { order: tool({ fallback: { tool: "copy" } }), copy: tool() } }),
    problem: {
      code: "unknown-tool",
      path: "steps[0].tools[0]",
      message: "Tool order falls back to copy, which step think does not list. Add it to the step's tools.",
    },
  },
  {
    title: "a tool that an attempt has not the time for",
    document: thinking({ timeout: "7s" }),
    problem: {
      code: "tool-outlasts-step",
      path: "steps[0].tools[0]",
      message:
        "Tool order may take 5s, and no attempt of step think has the time for that. Give the step more than 7s, or the tool less.",
    },
  },
  {
    title: "a limit that the first answer could break",
    document: thinking({ maxTokens: 2_000, limits: { tokens: 2_000 } }),
    problem: {
      code: "answer-exceeds-limit",
      path: "steps[0].limits.tokens",
      message:
        "An answer may take 2000 tokens, and all turns together 2000: none would begin. Allow more, or lower maxTokens.",
    },
  },
  {
    title: "a tool that no step has",
    document: thinking({}, { tools: { ...TOOLS, copy: tool() } }),
    problem: {
      code: "unused-tool",
      path: "tools.copy",
      message: "No step lists copy, so it is never called. Add it to the tools of a step, or remove it.",
    },
  },
  {
    title: "a tool that breaks the rules for tools",
    document: thinking({}, { tools: { order: write({ gate: undefined }) } }),
    problem: {
      code: "ungated-write",
      path: "tools.order.gate",
      message:
        'Tool order writes (effect unset means write) and nobody approves it. Declare a gate, a default ladder, effect: none or read, or gate: { none: "<why nobody has to approve>" }.',
    },
  },
  {
    title: "a model whose price nobody knows",
    document: thinking({ models: { first: "acme.small-v1", fallback: "eu.amazon.nova-pro-v1:0" } }),
    problem: {
      code: "model-without-price",
      path: "steps[0].models.first",
      message:
        'Nobody knows here what acme.small-v1 costs. Say so under models: { "acme.small-v1": { prices: { input, output } } }, in US dollars per million tokens.',
    },
  },
  {
    title: "a model that is asked nobody knows where",
    document: thinking({ models: { first: "openai/gpt" } }, { models: { "openai/gpt": { prices: PRICES } } }),
    problem: {
      code: "model-without-endpoint",
      path: "steps[0].models.first",
      message:
        'Nobody knows here where openai/gpt is asked. Say so under models: { "openai/gpt": { endpoint: { url } } }.',
    },
  },
  {
    title: "a guardrail for a model that is asked elsewhere",
    document: thinking(
      { models: { first: "openai/gpt" }, guardrail: { id: "gr7", version: "1" } },
      { models: { "openai/gpt": { prices: PRICES, endpoint: { url: "https://models.example.com/v1" } } } },
    ),
    problem: {
      code: "model-without-guardrail",
      path: "steps[0].models.first",
      message:
        "The guardrail belongs to Bedrock, and openai/gpt is asked elsewhere. Take a model of Bedrock, or leave the guardrail out.",
    },
  },
  {
    title: "an endpoint for a model of Bedrock",
    document: thinking(
      {},
      { models: { "eu.amazon.nova-pro-v1:0": { prices: PRICES, endpoint: { url: "https://a.example.com/v1" } } } },
    ),
    problem: { code: "invalid-shape", path: "models", message: "only models of openai/ have an endpoint" },
  },
  {
    title: "a strong model whose price nobody knows",
    document: thinking({
      models: { first: "scripted/a.yaml", strong: { model: "acme.large-v1", when: { $gt: [{ $from: "turn" }, 3] } } },
    }),
    problem: {
      code: "model-without-price",
      path: "steps[0].models.strong.model",
      message:
        'Nobody knows here what acme.large-v1 costs. Say so under models: { "acme.large-v1": { prices: { input, output } } }, in US dollars per million tokens.',
    },
  },
  {
    title: "a condition on what the run has, and the loop has not",
    document: thinking({ enough: { $exists: { $from: "think.ok" } } }),
    problem: {
      code: "unknown-reference",
      path: "steps[0].enough.$exists",
      message: "think.ok: there is no think here. Allowed: input, facts, turn, calls or failures.",
    },
  },
  {
    title: "a condition on what the run is given, and the step is not",
    document: thinking({ enough: { $exists: { $from: "input.total" } } }),
    problem: {
      code: "unknown-reference",
      path: "steps[0].enough.$exists",
      message: "input.total: there is no total here. Allowed: id.",
    },
  },
  {
    title: "a condition on a tool that the step does not have",
    document: agent({
      tools: { order: tool(), copy: tool() },
      steps: [reason({ enough: { $exists: { $from: "facts.copy" } } }), reason({ name: "other", tools: ["copy"] })],
    }),
    problem: {
      code: "unknown-reference",
      path: "steps[0].enough.$exists",
      message: "facts.copy: there is no copy here. Allowed: order.",
    },
  },
  {
    title: "a condition on what its tool does not answer",
    document: thinking(strong({ $eq: [{ $from: "facts.order.payed" }, true] })),
    problem: {
      code: "unknown-reference",
      path: "steps[0].models.strong.when.$eq[0]",
      message: "facts.order.payed: there is no payed here. Allowed: paid.",
    },
  },
  {
    title: "a condition that compares what has no order",
    document: thinking(strong({ $gt: [paid, 3] })),
    problem: {
      code: "not-comparable",
      path: "steps[0].models.strong.when.$gt",
      message:
        "Compares boolean with number. Only two numbers or two strings, never null, have an order: name a property whose schema says so.",
    },
  },
  tooEarly("enough, as long as nothing is known", { enough: { $ne: [true, paid] } }, "enough.$ne"),
  tooEarly("enough, where a fact is not there", { enough: { $not: isKnown } }, "enough.$not.$exists"),
  tooEarly("a strong model before anything is known", strong({ $not: isPaid }), "models.strong.when.$not.$eq"),
  tooEarly(
    "a fact that is asked for in one of two cases alone",
    { enough: { $or: [isKnown, { $ne: [paid, true] }] } },
    "enough.$or[1].$ne",
  ),
  tooEarly(
    "a fact that is denied together with something else",
    { enough: { $not: { $and: [{ $gte: [{ $from: "turn" }, 2] }, isPaid] } } },
    "enough.$not.$and[1].$eq",
  ),
  {
    title: "an input that is not there",
    document: thinking({ input: { id: { $from: "input.ide" } } }),
    problem: {
      code: "unknown-reference",
      path: "steps[0].input.id",
      message: "input.ide: there is no ide here. Allowed: id, total, note, due, lines or tags.",
    },
  },
  {
    title: "an answer that is no object",
    document: thinking({ output: { type: "string" } }),
    problem: {
      code: "unusable-schema",
      path: "steps[0].output",
      message: 'Models answer with an object: its schema must say type: "object".',
    },
  },
  {
    title: "an undoing where no tool writes",
    document: thinking({ compensate: "./undo.ts" }),
    problem: {
      code: "compensation-without-write",
      path: "steps[0].compensate",
      message: "Step think has effect read; only writes are undone. Remove compensate, or name a tool that writes.",
    },
  },
  {
    title: "thinking whose failure leads nowhere",
    document: thinking({ onFailure: { "Holdfast.Denied": "fail" } }),
    problem: {
      code: "error-class-without-edge",
      path: "steps[0].onFailure",
      message:
        "Holdfast.Throttled, Holdfast.Transient, Holdfast.StepBusy, Holdfast.InvalidOutput, Holdfast.Permanent, Holdfast.BudgetExceeded, Holdfast.UnknownOutcome, Holdfast.NeedsHuman, Holdfast.NeedsApproval or Holdfast.Yielded of step think leads nowhere. Declare onFailure (escalate, compensate, fail or continueWith), or a ladder under escalations.",
    },
  },
  {
    title: "an attempt that takes longer than a function may",
    document: thinking({ timeout: "20m" }, { escalations: { desk } }),
    problem: {
      code: "timeout-too-long",
      path: "steps[0].timeout",
      message:
        "20m is longer than a Lambda function may run. Allowed: up to 895s; split the step, or wait between two.",
    },
  },
];
