import type { McpServer } from "../../definition/index.ts";
import { toolListing } from "../../local/index.ts";
import { spelt } from "../../runtime/index.ts";
import { loadAgent } from "../agents.ts";
import { ExitCode } from "../exit-codes.ts";
import type { Invocation } from "../invocation.ts";
import { printTools } from "../print-tools.ts";
import { type AskedServer, toolReport } from "../report/tool-report.ts";
import { printable } from "../terminal.ts";

/** What one declares a tool by is shown before anything else is written. */
const UNFINISHED = ["pin-differs", "module-missing", "script-invalid"] as const;

/** Lists the tools of an agent, and holds what it pins of MCP servers against what they list now. Calls none of them. */
export async function tools({ terminal, root, json }: Invocation, name: string): Promise<ExitCode> {
  const { document } = await loadAgent(root, name, UNFINISHED);
  const asked = Object.entries(document.mcpServers).map(async ([server, declared]): Promise<AskedServer> => {
    const at = addressOf(declared);
    if (!json) terminal.err(terminal.colors.dim(`  … ${server} (${printable(at)}) is asked what it lists`));
    return { server, at, listing: await toolListing(declared) };
  });
  const report = toolReport(document, await Promise.all(asked));
  terminal.out(json ? spelt(JSON.stringify(report)) : printTools(terminal, report));
  return report.ok ? ExitCode.ok : ExitCode.failed;
}

/** Where a server is. What else its URL or its arguments say may be for it alone. */
const addressOf = (server: McpServer) => ("url" in server ? new URL(server.url).host : server.command);
