import { type AgentDocument, maxItems, type Step, walk } from "../definition/index.ts";

/** The most items that each `each` of a checked agent can have. */
export function itemBounds(agent: AgentDocument): ReadonlyMap<Step, number> {
  const bounds = new Map<Step, number>();
  for (const visit of walk(agent)) {
    if (visit.kind !== "step" || visit.step.kind !== "each") continue;
    const items = visit.scope.resolve(visit.step.items);
    bounds.set(visit.step, items.kind === "found" ? (maxItems(items.place.schema) ?? 0) : 0);
  }
  return bounds;
}
