import type { AgentDocument } from "../document.ts";
import { pricesOf, sourceOf } from "../models.ts";
import { toolNamed } from "../tools.ts";
import type { Visit } from "../walk.ts";
import type { ReasonStep } from "../work-steps.ts";
import { listed, type Problem } from "./problem.ts";

/** A reasoning step has the tools that it names, and models of which it is known what they cost and who is asked. */
export function checkReason(agent: AgentDocument, visit: Visit): Problem[] {
  if (visit.kind !== "step" || visit.step.kind !== "reason") return [];
  const { step, at } = visit;
  return [...checkTools(agent, step, at), ...checkModels(agent, step, at)];
}

function checkTools({ tools }: AgentDocument, step: ReasonStep, at: string): Problem[] {
  return step.tools.flatMap((name, index): Problem[] => {
    const path = `${at}.tools[${index}]`;
    const tool = toolNamed(tools, name);
    if (tool === undefined) {
      const message = `There is no tool ${name}. Allowed: ${listed(Object.keys(tools))}; tools are declared under tools.`;
      return [{ code: "unknown-tool", path, message }];
    }
    const { fallback } = tool;
    const instead = typeof fallback === "object" && "tool" in fallback ? fallback.tool : undefined;
    if (instead === undefined || step.tools.includes(instead) || !Object.hasOwn(tools, instead)) return [];
    const message = `Tool ${name} falls back to ${instead}, which step ${step.name} does not list. Add it to the step's tools.`;
    return [{ code: "unknown-tool", path, message }];
  });
}

function checkModels({ models }: AgentDocument, { models: route }: ReasonStep, at: string): Problem[] {
  const asked = { first: route.first, "strong.model": route.strong?.model, fallback: route.fallback };
  return Object.entries(asked).flatMap(([place, id]): Problem[] => {
    if (id === undefined) return [];
    const path = `${at}.models.${place}`;
    const priceless = `Nobody knows here what ${id} costs. Say so under models: { "${id}": { prices: { input, output } } }, in US dollars per million tokens.`;
    const homeless = `Nobody knows here where ${id} is asked. Say so under models: { "${id}": { endpoint: { url } } }.`;
    return [
      ...(pricesOf(models, id) === undefined
        ? [{ code: "model-without-price", path, message: priceless } as const]
        : []),
      ...(sourceOf(models, id) === undefined
        ? [{ code: "model-without-endpoint", path, message: homeless } as const]
        : []),
    ];
  });
}
