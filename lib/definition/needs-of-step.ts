import type { AgentDocument } from "./document.ts";
import { sourceOf } from "./models.ts";
import type { Need } from "./needs.ts";
import { type Tool, toolNamed } from "./tools.ts";
import { modelsAsked, type ReasonStep, type WorkStep } from "./work-steps.ts";

type Declarations = Pick<AgentDocument, "models" | "tools" | "mcpServers">;

/** What a step's role may touch: what is declared and, of a reasoning step, what its models and tools come to. Each once. */
export function needsOf(agent: Declarations, step: WorkStep): readonly Need[] {
  if (step.kind === "task") return step.needs;
  const tools = step.tools.flatMap((name) => toolNamed(agent.tools, name) ?? []);
  const needs: Need[] = [
    ...step.needs,
    ...modelsAsked(step).flatMap((id) => needsOfModel(agent, id, step)),
    ...tools.flatMap((tool) => needsOfTool(agent, tool)),
  ];
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
}

function needsOfModel({ models }: Declarations, id: string, { guardrail }: ReasonStep): Need[] {
  const source = sourceOf(models, id);
  if (source?.kind === "bedrock")
    return [{ model: id }, ...(guardrail === undefined ? [] : [{ guardrail: guardrail.id }])];
  return source?.kind === "openai" && source.endpoint.auth !== undefined ? [source.endpoint.auth] : [];
}

/** A server that speaks over stdin runs on a laptop alone, and needs nothing of AWS. */
function needsOfTool({ mcpServers }: Declarations, { lambda, http, mcp }: Tool): Need[] {
  const server = mcp && mcpServers[mcp.server];
  const auth = http?.auth ?? (server !== undefined && "url" in server ? server.auth : undefined);
  return [
    ...(lambda === undefined ? [] : [{ function: lambda }]),
    ...(auth === undefined ? [] : [{ secret: auth.secret }]),
  ];
}
