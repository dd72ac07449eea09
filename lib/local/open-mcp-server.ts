import type { McpServer } from "../definition/index.ts";
import { patientFetch } from "../http/index.ts";
import type { Clock, Secrets } from "../ports/index.ts";
import type { McpServerClient } from "../tools/index.ts";

/** The client of an MCP server as it is declared, which is reached once it is asked for something. */
export async function openMcpServer(
  declared: McpServer,
  { secrets, clock }: { readonly secrets: Secrets; readonly clock: Pick<Clock, "now"> },
): Promise<McpServerClient> {
  const { httpLine, mcpServer, stdioLine } = await loadTools();
  const line = "url" in declared ? httpLine({ secrets, fetch: patientFetch }, declared) : stdioLine(secrets, declared);
  return mcpServer(line, clock);
}

/** The client of MCP would be a good part of the start of every run. */
export const loadTools = () => import("../tools/index.ts");
