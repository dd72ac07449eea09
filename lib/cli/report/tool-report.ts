import { type AgentDocument, allSteps, gateLadder, hostOf, pinOf, type Tool } from "../../definition/index.ts";
import type { ListingFailure, ToolListing } from "../../local/index.ts";
import type { ListedTool } from "../../ports/index.ts";
import { drift } from "../../runtime/index.ts";

/** The tools of an agent, and how what it pins of MCP servers stands. */
export interface ToolReport {
  readonly agent: string;
  /** Whether every server said what it lists, and lists all tools as they are declared and pinned. */
  readonly ok: boolean;
  readonly tools: readonly ToolFacts[];
  readonly servers: readonly ServerReport[];
}

export interface ToolFacts
  extends Pick<Tool, "effect" | "timeout" | "idempotency" | "breaker" | "health" | "fallback"> {
  readonly name: string;
  readonly kind: "handler" | "lambda" | "http" | "mcp";
  /** Module, function, host or MCP server. */
  readonly at: string;
  /** Who approves its writes, or why nobody does; null where it does not write. */
  readonly gate: { readonly ladder: string } | { readonly none: string } | null;
  /** Steps that may call it. */
  readonly steps: readonly string[];
}

export interface ServerReport {
  readonly server: string;
  /** Host or command. */
  readonly at: string;
  readonly failure: ListingFailure | null;
  readonly tools: readonly PinReport[];
}

export interface PinReport {
  /** By its name in the declaration; null where it is listed and not declared. */
  readonly tool: string | null;
  /** What the server calls it. */
  readonly name: string;
  /** `unknown`: its server could not be asked. */
  readonly state: "same" | "drifted" | "gone" | "not-declared" | "unknown";
  /** In words, from what is declared and pinned. */
  readonly difference: string | null;
  /** As it is listed, with the pin of that. */
  readonly listed: (ListedTool & { readonly pinned: string }) | null;
}

/** An MCP server that was asked which tools it has. */
export interface AskedServer {
  readonly server: string;
  /** Host or command. */
  readonly at: string;
  readonly listing: ToolListing;
}

export function toolReport(agent: AgentDocument, asked: readonly AskedServer[]): ToolReport {
  const servers = asked.map((each) => serverReport(agent, each));
  return {
    agent: agent.name,
    ok: servers.every(holds),
    tools: Object.entries(agent.tools).map(([name, tool]) => toolFacts(agent, name, tool)),
    servers,
  };
}

const holds = ({ failure, tools }: ServerReport) =>
  failure === null && tools.every(({ state }) => state === "same" || state === "not-declared");

function toolFacts(agent: AgentDocument, name: string, tool: Tool): ToolFacts {
  const { effect, timeout, idempotency, breaker, health, fallback } = tool;
  const ladder = gateLadder(agent, tool);
  const steps = [...allSteps(agent.steps)].filter((step) => step.kind === "reason" && step.tools.includes(name));
  return {
    name,
    ...placeOf(tool),
    ...{ effect, timeout, idempotency, breaker, health, fallback },
    gate: ladder === undefined ? (tool.gate ?? null) : { ladder },
    steps: steps.map((step) => step.name),
  };
}

function placeOf({ handler, lambda, http, mcp }: Tool): Pick<ToolFacts, "kind" | "at"> {
  if (handler !== undefined) return { kind: "handler", at: handler };
  if (lambda !== undefined) return { kind: "lambda", at: lambda };
  return http === undefined ? { kind: "mcp", at: mcp?.server ?? "" } : { kind: "http", at: hostOf(http.url) };
}

function serverReport(agent: AgentDocument, { server, at, listing }: AskedServer): ServerReport {
  const declared = Object.entries(agent.tools).flatMap(([tool, { description, input, mcp }]) =>
    mcp?.server === server ? [{ tool, pinned: mcp.pinned, as: { name: mcp.tool, description, input } }] : [],
  );
  if ("failure" in listing) {
    const unknown = declared.map(({ tool, as }): PinReport => {
      return { tool, name: as.name, state: "unknown", difference: null, listed: null };
    });
    return { server, at, failure: listing.failure, tools: unknown };
  }
  // What a name leads to is the first tool of that name; another of the same name is none that is declared.
  const listedAs = (name: string) => listing.tools.find((each) => each.name === name);
  const known = new Set(declared.map(({ as }) => listedAs(as.name)));
  const pins = declared.map(({ tool, pinned, as }): PinReport => {
    const listed = listedAs(as.name);
    const difference = drift(pinned, as, listed) ?? drift(pinOf(as), as, listed) ?? null;
    const state = listed === undefined ? "gone" : difference === null ? "same" : "drifted";
    return { tool, name: as.name, state, difference, listed: withPin(listed) };
  });
  const others = listing.tools
    .filter((each) => !known.has(each))
    .map((each): PinReport => {
      return { tool: null, name: each.name, state: "not-declared", difference: null, listed: withPin(each) };
    });
  return { server, at, failure: null, tools: [...pins, ...others] };
}

const withPin = (listed: ListedTool | undefined) =>
  listed === undefined ? null : { ...listed, pinned: pinOf(listed) };
