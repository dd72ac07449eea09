import { join } from "node:path";
import { ErrorClass, HoldfastError } from "../contract/index.ts";
import {
  type AgentDocument,
  type LoadedAgent,
  modelsAsked,
  type ReasonStep,
  sourceOf,
  stepDefinition,
  type Tool,
  toolNamed,
} from "../definition/index.ts";
import { readModelScript } from "../models/index.ts";
import { platformModule } from "./platform-module.ts";

type Agent = Pick<LoadedAgent, "document" | "directory">;

/**
 * The entry module of a reasoning step: its models and the transports to its tools, each by its name. It may import what it does
 * not call: that stays out of the bundle.
 *
 * @throws Holdfast.InvalidInput with code `mcp-server-local`, or `script-invalid`
 */
export function reasonEntry(agent: Agent, step: ReasonStep, hasBucket: boolean): string {
  const { document, directory } = agent;
  const tools = step.tools.flatMap((name) => {
    const tool = toolNamed(document.tools, name);
    return tool === undefined ? [] : [{ name, tool }];
  });
  const servers = new Set(tools.flatMap(({ tool: { mcp } }) => mcp?.server ?? []));
  const handlers = [...new Set(tools.flatMap(({ tool: { handler } }) => handler ?? []))];
  const runOf = (handler: string) => `run${handlers.indexOf(handler)}`;
  return [
    ...handlers.map((path) => `import { run as ${runOf(path)} } from ${JSON.stringify(join(directory, path))};`),
    `import { reasonFunction } from ${platformModule("reason")};`,
    `import { bedrock, openAi, scriptedModel } from ${platformModule("reason-models")};`,
    `import { byFunction, byHttp, byLambda, byMcp, serverAt } from ${platformModule("reason-tools")};`,
    `import { secrets } from ${platformModule("secrets")};`,
    `const servers = ${literalOf([...servers].map((name) => [name, serverNamed(document, name)]))};`,
    `const models = ${literalOf(modelsAsked(step).map((id) => [id, modelNamed(agent, id)]))};`,
    `const tools = ${literalOf(tools.map(({ name, tool }) => [name, transportTo(tool, runOf)]))};`,
    `export const handler = reasonFunction(${JSON.stringify(stepDefinition(document, step))}, { models, tools }, ${hasBucket});`,
  ].join("\n");
}

function modelNamed({ document, directory }: Agent, id: string): string {
  const source = sourceOf(document.models, id);
  switch (source?.kind) {
    case "bedrock":
      return "bedrock()";
    case "script":
      return `scriptedModel(${JSON.stringify(readModelScript(join(directory, source.file), source.file))})`;
    case "openai":
      return calling("openAi", { ...source.endpoint, model: source.model });
    default:
      throw new TypeError(`Nobody knows where ${id} is asked; deploy checked agents only.`);
  }
}

function transportTo({ handler, lambda, http, mcp }: Tool, runOf: (handler: string) => string): string {
  if (handler !== undefined) return `byFunction(${runOf(handler)})`;
  if (lambda !== undefined) return `byLambda(${JSON.stringify(lambda)})`;
  if (http !== undefined) return calling("byHttp", http);
  return `byMcp(servers[${JSON.stringify(mcp?.server)}], ${JSON.stringify(mcp?.tool)})`;
}

function serverNamed({ name: agent, mcpServers }: AgentDocument, name: string): string {
  const server = mcpServers[name];
  if (server !== undefined && "url" in server) {
    const { url, headers, auth } = server;
    return calling("serverAt", { url, headers, auth });
  }
  throw new HoldfastError(
    ErrorClass.InvalidInput,
    "mcp-server-local",
    `MCP server ${name} of agent ${agent} is a command, which runs on a laptop alone. Run it where it has a URL, and declare mcpServers: { ${name}: { url } }; or take its tools out of the step.`,
  );
}

/** A call for what may name a secret: only then it is told who knows secrets, whose client weighs a bundle down. */
const calling = <Given extends { readonly auth?: { readonly secret: string } | undefined }>(
  name: string,
  given: Given,
) => `${name}(${JSON.stringify(given)}${given.auth === undefined ? "" : ", secrets"})`;

const literalOf = (members: readonly (readonly [name: string, expression: string])[]) =>
  `{${members.map(([name, expression]) => `${JSON.stringify(name)}: ${expression}`).join(", ")}}`;
