import { ToolFault } from "../contract/index.ts";
import type { McpServer } from "../definition/index.ts";
import { type ListedTool, ToolStatus } from "../ports/index.ts";
import { failedOf, withinTime } from "../runtime/index.ts";
import { environmentSecrets } from "./environment-secrets.ts";
import { openMcpServer } from "./open-mcp-server.ts";
import { systemClock } from "./system-clock.ts";

/** Why a server said nothing. */
export interface ListingFailure {
  readonly code: string;
  /** In Holdfast's words. */
  readonly message: string;
  /** In the server's own, without secrets. */
  readonly said?: string;
}

/** What an MCP server lists, or why that is not known. */
export type ToolListing = { readonly tools: readonly ListedTool[] } | { readonly failure: ListingFailure };

/** To start a server, to begin a session and to be told, all pages of it. */
const LISTED_WITHIN_MS = 30_000;

/**
 * Asks an MCP server which tools it has, in a session of its own, which is over then: a process that was started for it, too.
 * Calls nothing. Never throws: what went wrong comes back.
 */
export async function toolListing(server: McpServer): Promise<ToolListing> {
  const clock = systemClock();
  const client = await openMcpServer(server, { secrets: environmentSecrets(process.env), clock });
  try {
    const never = new AbortController().signal;
    return { tools: await withinTime(clock, LISTED_WITHIN_MS, never, (signal) => client.listed(signal)) };
  } catch (error) {
    return { failure: failureOf(error, clock.now()) };
  } finally {
    await client.close();
  }
}

function failureOf(error: unknown, now: number): ListingFailure {
  const failed = failedOf(error, now);
  if (failed.kind === "fault") return { code: ToolFault[failed.fault].code, message: failed.message };
  if (failed.kind === "stated") return { code: failed.error.code, message: failed.error.message };
  if (error instanceof ToolStatus)
    return { code: "tool-refused", message: `It answers with ${error.message}.`, said: failed.said };
  return { code: ToolFault.unreachable.code, message: "It could not be asked." };
}
