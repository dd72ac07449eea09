import { type LoadedAgent, toolNamed } from "../definition/index.ts";
import { patientFetch } from "../http/index.ts";
import type { BlobStore, Clock, Secrets, ToolTransport } from "../ports/index.ts";
import { functionTool, type ToolHandler } from "../runtime/index.ts";
import type { McpServerClient } from "../tools/index.ts";
import { importRun } from "./import-run.ts";
import type { OpenAws } from "./local-aws.ts";
import { loadTools, openMcpServer } from "./open-mcp-server.ts";

interface ToolSurroundings {
  readonly blobs: BlobStore;
  readonly clock: Pick<Clock, "now">;
}

export interface LocalTools {
  /** The way to a tool of an agent, by its name. @throws TypeError for a function tool whose module exports no `run`. */
  readonly open: (agent: LoadedAgent, name: string, around: ToolSurroundings) => Promise<ToolTransport>;
  /** Ends the sessions with MCP servers, and the processes that are some. */
  readonly close: () => Promise<void>;
}

/** Ways to tools. The steps of an agent share its MCP servers, each of which is reached once it is called. */
export function localTools({ secrets, aws }: { readonly secrets: Secrets; readonly aws: OpenAws }): LocalTools {
  const servers = new Map<string, Promise<McpServerClient>>();

  function serverOf({ name, document }: LoadedAgent, called: string, { clock }: ToolSurroundings) {
    const declared = document.mcpServers[called];
    if (declared === undefined) throw new TypeError(`There is no MCP server ${called}; run checked agents only.`);
    const key = `${name} ${called}`;
    const found = servers.get(key) ?? openMcpServer(declared, { secrets, clock });
    servers.set(key, found);
    return found;
  }

  return {
    async open(agent, name, around) {
      const { handler, lambda, http, mcp } = toolNamed(agent.document.tools, name) ?? {};
      if (handler !== undefined) return functionTool(await importRun<ToolHandler>(agent, handler), around.blobs);
      if (lambda !== undefined) return { call: async (request) => (await aws()).lambda(lambda).call(request) };
      if (http !== undefined) return (await loadTools()).httpTool({ secrets, fetch: patientFetch }, http);
      if (mcp !== undefined) return (await serverOf(agent, mcp.server, around)).tool(mcp.tool);
      throw new TypeError(`There is no tool ${name}; run checked agents only.`);
    },
    async close() {
      await Promise.all([...servers.values()].map(async (server) => (await server).close()));
      servers.clear();
    },
  };
}
