import { type JsonObject, TOOL_DOMAINS, type ToolDomain } from "../contract/index.ts";
import { secondsOf } from "./duration.ts";
import type { Tool, ToolDeclarations, ToolReaction } from "./tools.ts";
import { hostOf } from "./url.ts";

/** What a step's function knows of a tool's declaration. Plain JSON: it is part of the function's bundle. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
  readonly output: JsonObject;
  readonly effect: Tool["effect"];
  readonly timeoutSeconds: number;
  /** Whether a call that may have taken effect may be made again. */
  readonly isRepeatable: boolean;
  readonly reactions: Readonly<Record<ToolDomain, ToolReaction>>;
  readonly breaker: {
    readonly failures: number;
    readonly withinSeconds: number;
    readonly halfOpenAfterSeconds: number;
  };
  readonly health: Tool["health"];
  readonly fallback: Tool["fallback"];
  /** Whom it shares its calls at a time with: its MCP server, host or Lambda function. A function of the step is alone. */
  readonly server?: string;
  readonly bulkhead: { readonly concurrency: number; readonly queue: number };
  /** As its server has to list it still. */
  readonly pinned?: { readonly tool: string; readonly hash: string };
}

/** Of functions, Lambda functions and HTTP APIs; MCP servers declare theirs. */
const BULKHEAD = { concurrency: 8, queue: 32 };

export function toolDefinition(name: string, tool: Tool, servers: ToolDeclarations["mcpServers"]): ToolDefinition {
  const { description, input, output, effect, timeout, breaker, health, fallback, mcp } = tool;
  const server = serverOf(tool);
  const { concurrency, queue } = (mcp && servers[mcp.server]) ?? BULKHEAD;
  return {
    name,
    description,
    input,
    output,
    effect,
    timeoutSeconds: secondsOf(timeout),
    isRepeatable: isRepeatable(tool),
    reactions: toolReactions(tool),
    breaker: {
      failures: breaker.failures,
      withinSeconds: secondsOf(breaker.within),
      halfOpenAfterSeconds: secondsOf(breaker.halfOpenAfter),
    },
    health,
    fallback,
    ...(server === undefined ? {} : { server }),
    bulkhead: { concurrency, queue },
    ...(mcp === undefined ? {} : { pinned: { tool: mcp.tool, hash: mcp.pinned } }),
  };
}

const serverOf = ({ mcp, http, lambda }: Tool): string | undefined =>
  mcp?.server ?? lambda ?? (http === undefined ? undefined : hostOf(http.url));

export const isRepeatable = ({ effect, idempotency }: Tool) => effect !== "write" || idempotency !== "none";

/** What a failure of a tool leads to, by its domain: what is declared, else what is safe. */
export function toolReactions(tool: Tool): ToolDefinition["reactions"] {
  const instead = tool.fallback === "none" ? undefined : "fallback";
  const isWrite = tool.effect === "write";
  const safe: ToolDefinition["reactions"] = {
    auth: "escalate",
    drift: "escalate",
    rate: "retry",
    schema: isWrite ? "escalate" : (instead ?? "tell"),
    timeout: isWrite ? (isRepeatable(tool) ? "retry" : "escalate") : (instead ?? "retry"),
  };
  const reactions = TOOL_DOMAINS.map((domain) => [domain, tool.onFailure[domain] ?? safe[domain]] as const);
  return Object.fromEntries(reactions) as ToolDefinition["reactions"];
}
