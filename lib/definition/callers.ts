import type { AgentDocument } from "./document.ts";
import { allSteps } from "./walk.ts";

/** The agents whose runs may run this one as a subflow, directly or by others, sorted by name. */
export function callersOf({ name }: Pick<AgentDocument, "name">, agents: readonly AgentDocument[]): AgentDocument[] {
  const found = new Set<AgentDocument>();
  const open = [name];
  for (let called = open.pop(); called !== undefined; called = open.pop()) {
    for (const agent of agents) {
      const calls = [...allSteps(agent.steps)].some((step) => step.kind === "subflow" && step.agent === called);
      if (!calls || found.has(agent)) continue;
      found.add(agent);
      open.push(agent.name);
    }
  }
  return [...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}
