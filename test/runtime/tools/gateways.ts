import type { Json } from "../../../lib/contract/index.ts";
import { Tool, type ToolDefinition, toolDefinition } from "../../../lib/definition/index.ts";
import type { ToolRequest, ToolTransport } from "../../../lib/ports/index.ts";
import { type ToolGateway, type ToolPorts, toolGateway } from "../../../lib/runtime/index.ts";

export const ORDER = {
  type: "object",
  properties: { id: { type: "string" } },
  required: ["id"],
  additionalProperties: false,
} as const;
export const PAID = { type: "object", properties: { paid: { type: "boolean" } }, required: ["paid"] } as const;

/** A tool as a document declares it, checked; a function unless it is told otherwise. */
export const tool = (more: Readonly<Record<string, unknown>> = {}): Tool =>
  Tool.parse({
    description: "Looks an order up.",
    input: ORDER,
    output: PAID,
    effect: "read",
    timeout: "5s",
    idempotency: "natural",
    breaker: { failures: 3, halfOpenAfter: "30s" },
    health: "calls",
    fallback: "none",
    ...("http" in more || "mcp" in more || "lambda" in more ? {} : { handler: "./order.ts" }),
    ...more,
  });

export const definition = (name: string, more: Readonly<Record<string, unknown>> = {}): ToolDefinition =>
  toolDefinition(name, tool(more), {});

/** A transport that does as it is told, and remembers what it was asked. */
export function scripted(answer: (request: ToolRequest, count: number) => unknown) {
  const requests: ToolRequest[] = [];
  const transport: ToolTransport = {
    async call(request) {
      requests.push(request);
      return { output: (await answer(request, requests.length)) as Json };
    },
  };
  return { requests, transport };
}

export const throwing = (error: unknown) =>
  scripted(() => {
    throw error;
  });

/** A gateway to the tools that are given, each with its way. */
export const gatewayOf = (
  ports: ToolPorts,
  tools: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, ToolTransport]>>,
  agent = "desk",
): ToolGateway =>
  toolGateway(ports, {
    agent,
    tools: Object.entries(tools).map(([name, [more, transport]]) => ({
      definition: definition(name, more),
      transport,
    })),
  });

let calls = 0;

/** Calls a tool as the loop would. */
export const call = (gateway: ToolGateway, name: string, input: Json = { id: "7" }, signal?: AbortSignal) => {
  calls += 1;
  return gateway.call({
    name,
    input,
    given: { of: "the step" },
    idempotencyKey: `key-${calls}`,
    signal: signal ?? new AbortController().signal,
  });
};

/** What a call threw, by class and code. */
export async function thrownBy(made: Promise<unknown>): Promise<string> {
  try {
    await made;
  } catch (error) {
    const { name, code } = error as { name?: string; code?: string };
    return `${name} ${code}`;
  }
  return "nothing";
}
