import type { AgentDocument } from "./document.ts";
import type { Effect } from "./step-parts.ts";
import { toolNamed } from "./tools.ts";
import type { WorkStep } from "./work-steps.ts";

/** What a step does to the world outside the run: as a task declares it; of a reasoning step, the strongest of its tools. */
export function effectOf({ tools }: Pick<AgentDocument, "tools">, step: WorkStep): Effect {
  if (step.kind === "task") return step.effect;
  const effects = new Set(step.tools.map((name) => toolNamed(tools, name)?.effect ?? "write"));
  if (effects.has("write")) return "write";
  return effects.has("read") ? "read" : "none";
}
