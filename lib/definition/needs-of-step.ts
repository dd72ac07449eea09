import type { AgentDocument } from "./document.ts";
import { isOfBedrock } from "./models.ts";
import type { Need } from "./needs.ts";
import { type Tool, toolNamed } from "./tools.ts";
import type { WorkStep } from "./work-steps.ts";

type Declarations = Pick<AgentDocument, "tools" | "mcpServers">;

/** What a step's role may touch: what is declared and, of a reasoning step, what its models and tools come to. Each once. */
export function needsOf(agent: Declarations, step: WorkStep): readonly Need[] {
  if (step.kind === "task") return step.needs;
  const { first, strong, fallback } = step.models;
  const models = [first, strong?.model, fallback].flatMap((id) => (id !== undefined && isOfBedrock(id) ? [id] : []));
  const tools = step.tools.flatMap((name) => toolNamed(agent.tools, name) ?? []);
  const needs: Need[] = [
    ...step.needs,
    ...models.map((model) => ({ model })),
    ...tools.flatMap((tool) => needsOfTool(agent, tool)),
  ];
  return [...new Map(needs.map((need) => [JSON.stringify(need), need])).values()];
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
