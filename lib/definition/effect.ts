import type { AgentDocument } from "./document.ts";
import type { Effect } from "./step-parts.ts";
import { toolNamed } from "./tools.ts";
import type { WorkStep } from "./work-steps.ts";

type Agent = Pick<AgentDocument, "tools">;

/** What a step does to the world outside the run: as a task declares it; of a reasoning step, the strongest of its tools. */
export function effectOf({ tools }: Agent, step: WorkStep): Effect {
  if (step.kind === "task") return step.effect;
  const effects = new Set(step.tools.map((name) => toolNamed(tools, name)?.effect ?? "write"));
  if (effects.has("write")) return "write";
  return effects.has("read") ? "read" : "none";
}

/** Whether one attempt runs at a time: of a step that writes, and of a loop, since models that are asked twice are paid twice. */
export const isLeased = (agent: Agent, step: WorkStep): boolean =>
  step.kind === "reason" || effectOf(agent, step) === "write";
