import { RECORD_SECONDS } from "../../contract/index.ts";
import type { AgentDocument } from "../document.ts";
import { secondsOf } from "../duration.ts";
import { pricesOf, sourceOf } from "../models.ts";
import { fallbackTool, type Tool, toolNamed } from "../tools.ts";
import type { Visit } from "../walk.ts";
import { modelPlaces, type ReasonStep } from "../work-steps.ts";
import { checkFacts } from "./facts.ts";
import { listed, type Problem } from "./problem.ts";

/**
 * A reasoning step has the tools that it names, the time to call them, models with a price and an address, tokens for an
 * answer, and conditions that hold of what is known.
 */
export function checkReason(agent: AgentDocument, visit: Visit): Problem[] {
  if (visit.kind !== "step" || visit.step.kind !== "reason") return [];
  const { step, at } = visit;
  return [
    ...checkTools(agent, step, at),
    ...checkModels(agent, step, at),
    ...checkTokens(step, at),
    ...checkFacts(step, at),
  ];
}

function checkTools({ tools }: AgentDocument, step: ReasonStep, at: string): Problem[] {
  return step.tools.flatMap((name, index): Problem[] => {
    const path = `${at}.tools[${index}]`;
    const tool = toolNamed(tools, name);
    if (tool === undefined) {
      const message = `There is no tool ${name}. Allowed: ${listed(Object.keys(tools))}; tools are declared under tools.`;
      return [{ code: "unknown-tool", path, message }];
    }
    const instead = fallbackTool(tool);
    const inTime = checkTime(name, tool, step, path);
    if (instead === undefined || step.tools.includes(instead) || !Object.hasOwn(tools, instead)) return inTime;
    const message = `Tool ${name} falls back to ${instead}, which step ${step.name} does not list. Add it to the step's tools.`;
    return [...inTime, { code: "unknown-tool", path, message }];
  });
}

/** An attempt has the time for a call and its record, or no write would ever begin. */
function checkTime(name: string, { timeout }: Tool, step: ReasonStep, path: string): Problem[] {
  const needed = secondsOf(timeout) + RECORD_SECONDS;
  if (needed < secondsOf(step.timeout)) return [];
  const message = `Tool ${name} may take ${timeout}, and no attempt of step ${step.name} has the time for that. Give the step more than ${needed}s, or the tool less.`;
  return [{ code: "tool-outlasts-step", path, message }];
}

/** Before a turn its whole answer is held, so one that the limit has no room for is never asked for. */
function checkTokens({ limits, maxTokens }: ReasonStep, at: string): Problem[] {
  if (limits.tokens === undefined || limits.tokens > maxTokens) return [];
  const message = `An answer may take ${maxTokens} tokens, and all turns together ${limits.tokens}: none would begin. Allow more, or lower maxTokens.`;
  return [{ code: "answer-exceeds-limit", path: `${at}.limits.tokens`, message }];
}

function checkModels({ models }: AgentDocument, step: ReasonStep, at: string): Problem[] {
  const { guardrail } = step;
  return modelPlaces(step).flatMap(({ place, id }): Problem[] => {
    const source = sourceOf(models, id);
    const told = (isSo: boolean, code: Problem["code"], message: string): Problem[] =>
      isSo ? [{ code, path: `${at}.${place}`, message }] : [];
    const priceless = `Nobody knows here what ${id} costs. Say so under models: { "${id}": { prices: { input, output } } }, in US dollars per million tokens.`;
    const homeless = `Nobody knows here where ${id} is asked. Say so under models: { "${id}": { endpoint: { url } } }.`;
    const unguarded = `The guardrail belongs to Bedrock, and ${id} is asked elsewhere. Take a model of Bedrock, or leave the guardrail out.`;
    return [
      ...told(guardrail !== undefined && source?.kind === "openai", "model-without-guardrail", unguarded),
      ...told(pricesOf(models, id) === undefined, "model-without-price", priceless),
      ...told(source === undefined, "model-without-endpoint", homeless),
    ];
  });
}
