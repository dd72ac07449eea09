import { dereference, type Schema, Validator } from "@cfworker/json-schema";
import { ANSWER, ASK_PEOPLE, type Json, type JsonObject, type ToolDomain, URL_PLACE } from "../../contract/index.ts";
import { type AgentDocument, defaultLadder } from "../document.ts";
import { pinOf } from "../pin.ts";
import { lookup, typesOf } from "../schema-path.ts";
import { isRepeatable, toolReactions } from "../tool-definition.ts";
import { fallbackTool, type Tool, type ToolDeclarations, type ToolReaction, toolNamed } from "../tools.ts";
import { allSteps } from "../walk.ts";
import { listed, type Problem } from "./problem.ts";

type Ladders = Pick<AgentDocument, "escalations" | "defaultLadder">;

/** Every tool can be reached, fails into something that is there, and is repeated only where that does no harm. */
export function toolProblems(
  tools: ToolDeclarations["tools"],
  mcpServers: ToolDeclarations["mcpServers"],
  ladders: Ladders,
): Problem[] {
  return Object.entries(tools).flatMap(([name, tool]): Problem[] => {
    const at = `tools.${name}`;
    return [
      ...checkName(name, at),
      ...checkSchemas(tool, at),
      ...checkServer(tool, mcpServers, at),
      ...checkPin(tool, at),
      ...checkUrl(tool, at),
      ...checkGate(name, tool, ladders, at),
      ...checkFallback(name, tool, tools, at),
      ...checkReactions(tool, at),
      ...checkProbe(tool, at),
    ];
  });
}

/** Tools that no step lists. Those that others fall back to are told of where those are listed. */
export function unusedTools({ tools, steps }: AgentDocument): Problem[] {
  const listedBySteps = [...allSteps(steps)].flatMap((step) => (step.kind === "reason" ? step.tools : []));
  const used = new Set<string | undefined>([...listedBySteps, ...Object.values(tools).map(fallbackTool)]);
  const unused = Object.keys(tools).filter((name) => !used.has(name));
  return unused.map((name) => {
    const message = `No step lists ${name}, so it is never called. Add it to the tools of a step, or remove it.`;
    return { code: "unused-tool", path: `tools.${name}`, message };
  });
}

function checkName(name: string, at: string): Problem[] {
  if (name !== ANSWER && name !== ASK_PEOPLE) return [];
  const message = `${name} is what models call to come to an end. Choose another name.`;
  return [{ code: "reserved-name", path: at, message }];
}

function checkSchemas(tool: Tool, at: string): Problem[] {
  return (["input", "output"] as const).flatMap((side): Problem[] => {
    const unusable = (message: string): Problem[] => [{ code: "unusable-schema", path: `${at}.${side}`, message }];
    try {
      dereference(tool[side]);
    } catch (error) {
      return unusable(`Not a usable JSON Schema: ${error instanceof Error ? error.message : String(error)}`);
    }
    const isObject = side === "output" || tool.input.type === "object";
    return isObject ? [] : unusable('Models call tools with an object: its schema must say type: "object".');
  });
}

function checkServer({ mcp }: Tool, servers: ToolDeclarations["mcpServers"], at: string): Problem[] {
  if (mcp === undefined || Object.hasOwn(servers, mcp.server)) return [];
  const message = `There is no MCP server ${mcp.server}. Allowed: ${listed(Object.keys(servers))}; servers are declared under mcpServers.`;
  return [{ code: "unknown-mcp-server", path: `${at}.mcp.server`, message }];
}

function checkPin({ description, input, mcp }: Tool, at: string): Problem[] {
  if (mcp === undefined || pinOf({ name: mcp.tool, description, input }) === mcp.pinned) return [];
  const message = `It is not the hash of what is declared here of ${mcp.tool}: every call would end in tool-drifted. Look at what ${mcp.server} lists with npx holdfast tools, and pin what you trust.`;
  return [{ code: "pin-differs", path: `${at}.mcp.pinned`, message }];
}

/** What its URL has a place for is there in every call. */
function checkUrl({ http, input }: Tool, at: string): Problem[] {
  return [...(http?.url ?? "").matchAll(URL_PLACE)].flatMap(([place, name = ""]): Problem[] => {
    const result = lookup(input, [name]);
    const types = "found" in result && !result.found.optional ? [...typesOf(result.found.schema)] : [];
    if (types.length > 0 && types.every((type) => type === "string" || type === "number")) return [];
    const message = `${place} stands for no required text or number of the input: no URL can be made without it. Make it one in the input's schema, or take it out.`;
    return [{ code: "unknown-placeholder", path: `${at}.http.url`, message }];
  });
}

function checkGate(name: string, { effect, gate }: Tool, ladders: Ladders, at: string): Problem[] {
  if (effect !== "write") {
    const message = `Tool ${name} has effect ${effect}; only writes are gated. Remove the gate, or set effect: write.`;
    return gate === undefined ? [] : [{ code: "gate-without-write", path: `${at}.gate`, message }];
  }
  if (gate === undefined && defaultLadder(ladders) === undefined) {
    const message = `Tool ${name} writes (effect unset means write) and nobody approves it. Declare a gate, a default ladder, effect: none or read, or gate: { none: "<why nobody has to approve>" }.`;
    return [{ code: "ungated-write", path: `${at}.gate`, message }];
  }
  if (gate === undefined || !("ladder" in gate) || Object.hasOwn(ladders.escalations, gate.ladder)) return [];
  const message = `There is no ladder ${gate.ladder}. Allowed: ${listed(Object.keys(ladders.escalations))}; ladders are declared under escalations.`;
  return [{ code: "unknown-ladder", path: `${at}.gate.ladder`, message }];
}

function checkFallback(name: string, tool: Tool, tools: ToolDeclarations["tools"], at: string): Problem[] {
  const { fallback, output } = tool;
  if (fallback === "none") return [];
  if ("continueWith" in fallback) return checkValue(output, fallback.continueWith, `${at}.fallback.continueWith`);
  const path = `${at}.fallback.tool`;
  const other = toolNamed(tools, fallback.tool);
  if (other === undefined) {
    const message = `There is no tool ${fallback.tool}. Allowed: ${listed(Object.keys(tools).filter((each) => each !== name))}.`;
    return [{ code: "unknown-tool", path, message }];
  }
  if (other.effect === "write") {
    const message = `${fallback.tool} writes, and nobody would have approved that write in the place of ${name}. Name a tool that reads, or continueWith.`;
    return [{ code: "fallback-writes", path, message }];
  }
  if (!fallsBackTo(name, tools)) return [];
  const message = `${fallback.tool} falls back to ${name} again, without end. Break the cycle.`;
  return [{ code: "fallback-cycle", path, message }];
}

/** Whether the fallbacks of a tool come around to itself. */
function fallsBackTo(name: string, tools: ToolDeclarations["tools"]): boolean {
  const seen = new Set<string>();
  let at: string | undefined = name;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const tool: Tool | undefined = toolNamed(tools, at);
    at = tool && fallbackTool(tool);
  }
  return at === name;
}

/** After these a write may have taken effect all the same. */
const UNCERTAIN: readonly ToolDomain[] = ["schema", "timeout"];
const REPEATING: readonly ToolReaction[] = ["retry", "fallback", "tell"];

function checkReactions(tool: Tool, at: string): Problem[] {
  return (Object.keys(tool.onFailure) as ToolDomain[]).flatMap((domain): Problem[] => {
    const reaction = toolReactions(tool)[domain];
    const path = `${at}.onFailure.${domain}`;
    if (reaction === "fallback" && tool.fallback === "none") {
      const message = 'There is nothing to fall back to: fallback is "none". Declare a fallback, or another reaction.';
      return [{ code: "fallback-missing", path, message }];
    }
    const isUncertain = tool.effect === "write" && UNCERTAIN.includes(domain);
    const harms = isUncertain && (reaction === "retry" ? !isRepeatable(tool) : REPEATING.includes(reaction));
    if (!harms) return [];
    const message = `The write may have taken effect all the same: after ${reaction} it could be done twice. Allowed: escalate${isRepeatable(tool) ? " or retry" : '; or retry, with idempotency "natural" or "keyed"'}.`;
    return [{ code: "write-repeated", path, message }];
  });
}

function checkProbe({ health, effect, input }: Tool, at: string): Problem[] {
  if (health === "calls") return [];
  const path = `${at}.health.probe`;
  if (effect !== "write") return checkValue(input, health.probe, path);
  return [{ code: "probe-writes", path, message: 'The tool writes, and so would its probe. Set health: "calls".' }];
}

/** A schema that cannot be used is told of elsewhere. */
function checkValue(schema: JsonObject, value: Json, path: string): Problem[] {
  try {
    const wrong = new Validator(schema as Schema, "2020-12").validate(value).errors.at(-1);
    if (wrong === undefined) return [];
    return [{ code: "tool-value-invalid", path, message: `It is not what the tool's schema allows: ${wrong.error}` }];
  } catch {
    return [];
  }
}
