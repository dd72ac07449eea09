import { createHash } from "node:crypto";
import type { ModelPrices } from "../contract/index.ts";
import { type AgentDocument, gateLadder } from "./document.ts";
import { secondsOf } from "./duration.ts";
import { pricesOf } from "./models.ts";
import { type RunSchemas, runSchemas } from "./run-schemas.ts";
import { type ToolDefinition, toolDefinition } from "./tool-definition.ts";
import { toolNamed } from "./tools.ts";
import type { Condition } from "./value.ts";
import type { ReasonStep } from "./work-steps.ts";

/** A model with what it costs. */
export interface PricedModel {
  /** As its provider knows it; `scripted/…` and `openai/…` name their adapter. */
  readonly id: string;
  readonly prices: ModelPrices;
}

/** What a reasoning step's function knows of its declaration. Plain JSON: it is part of the function's bundle. */
export interface ReasonDefinition {
  readonly goal: string;
  readonly instructions: string;
  /** SHA-256 of the instructions, in hex. */
  readonly instructionsDigest: string;
  readonly tools: readonly (ToolDefinition & { readonly gated: boolean })[];
  /** Where people approve calls: what these mark, a call that they could approve does not hold. */
  readonly hides?: RunSchemas;
  readonly models: {
    readonly first: PricedModel;
    /** Asked instead of the first once `when` holds. */
    readonly strong?: PricedModel & { readonly when: Condition };
    /** Asked when the other cannot be. */
    readonly fallback?: PricedModel;
  };
  readonly guardrail?: { readonly id: string; readonly version: string };
  /** Of one answer. */
  readonly maxTokens: number;
  readonly limits: {
    readonly turns: number;
    readonly tokens?: number;
    readonly usd?: number;
    /** From the first answer of a model on. */
    readonly seconds?: number;
  };
  /** Once it holds of the facts, no tool is called any more. */
  readonly enough?: Condition;
  /** Tokens of a conversation, estimated; the results of old calls are left out beyond them. */
  readonly contextTokens: number;
}

/** @throws TypeError for a tool that is not declared or a model without prices; check finds both. */
export function reasonDefinition(agent: AgentDocument, step: ReasonStep): ReasonDefinition {
  const { goal, instructions, guardrail, maxTokens, contextTokens, enough } = step;
  const { turns, tokens, usd, time } = step.limits;
  const tools = step.tools.map((name) => {
    const tool = toolNamed(agent.tools, name);
    if (tool === undefined) throw new TypeError(`There is no tool ${name}; compile checked agents only.`);
    return { ...toolDefinition(name, tool, agent.mcpServers), gated: gateLadder(agent, tool) !== undefined };
  });
  return {
    goal,
    instructions,
    instructionsDigest: createHash("sha256").update(instructions).digest("hex"),
    tools,
    ...(tools.some(({ gated }) => gated) ? { hides: runSchemas(agent) } : {}),
    models: modelsOf(agent, step),
    ...(guardrail === undefined ? {} : { guardrail }),
    maxTokens,
    limits: {
      turns,
      ...(tokens === undefined ? {} : { tokens }),
      ...(usd === undefined ? {} : { usd }),
      ...(time === undefined ? {} : { seconds: secondsOf(time) }),
    },
    ...(enough === undefined ? {} : { enough }),
    contextTokens,
  };
}

function modelsOf({ models }: AgentDocument, { models: route }: ReasonStep): ReasonDefinition["models"] {
  const priced = (id: string): PricedModel => {
    const prices = pricesOf(models, id);
    if (prices === undefined) throw new TypeError(`Nobody knows what ${id} costs; compile checked agents only.`);
    return { id, prices };
  };
  const { first, strong, fallback } = route;
  return {
    first: priced(first),
    ...(strong === undefined ? {} : { strong: { ...priced(strong.model), when: strong.when } }),
    ...(fallback === undefined ? {} : { fallback: priced(fallback) }),
  };
}
