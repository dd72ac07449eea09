import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Secrets } from "../../ports/index.ts";
import { readSecret } from "../secret.ts";
import type { Line } from "./connection.ts";
import { LARGEST_MESSAGE } from "./http-line.ts";

export interface McpCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, { readonly secret: string }>>;
}

/**
 * A line to an MCP server that is a child process. It gets a home, a path and its secrets of the environment, and nothing
 * else; what it writes to stderr is dropped. A message beyond 8 MiB ends it.
 */
export const stdioLine =
  (secrets: Secrets, { command, args, env }: McpCommand) =>
  async (): Promise<Line> => {
    const given = await Promise.all(
      Object.entries(env).map(async ([name, { secret }]) => [name, await readSecret(secrets, secret)] as const),
    );
    const transport = new StdioClientTransport({
      command,
      args: [...args],
      env: Object.fromEntries(given),
      stderr: "ignore",
      maxBufferSize: LARGEST_MESSAGE,
    });
    return { transport, secrets: given.map(([, secret]) => secret) };
  };
