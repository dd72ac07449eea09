import type { Clock, ListedTool, ToolTransport } from "../../ports/index.ts";
import { type Line, McpConnection } from "./connection.ts";
import { isForgotten, unreachable } from "./failure.ts";

/** An MCP server, of which several tools may be declared. */
export interface McpServerClient {
  /** The way to a tool of it. @param name what the server calls it. */
  tool(name: string): ToolTransport;
  /** All tools that it lists now. @throws as a call does */
  listed(signal: AbortSignal): Promise<readonly ListedTool[]>;
  /** Ends all its sessions, and what is under way in them. */
  close(): Promise<void>;
}

/**
 * One session with a server for all its tools, opened by the first call, and again after it broke. After a call
 * in whose time the server said nothing at all the next one has a new session: those under way keep the old one until they
 * are done.
 *
 * @param open makes a new line each time. @throws as it does
 */
export function mcpServer(open: () => Promise<Line>, clock: Pick<Clock, "now">): McpServerClient {
  let current: Promise<McpConnection> | undefined;
  /** Those that are not over, retired ones included. */
  const sessions = new Set<Promise<McpConnection>>();

  function connection(): Promise<McpConnection> {
    if (current !== undefined) return current;
    const opening: Promise<McpConnection> = open().then((line) => McpConnection.open(line, clock, () => over(opening)));
    opening.catch(() => over(opening));
    sessions.add(opening);
    current = opening;
    return opening;
  }
  const over = (which: Promise<McpConnection>) => {
    sessions.delete(which);
    forget(which);
  };
  const forget = (which: Promise<McpConnection>) => {
    if (current === which) current = undefined;
  };
  const retire = (which: Promise<McpConnection>) => {
    forget(which);
    which.then(
      (retired) => retired.retire(),
      () => undefined,
    );
  };

  async function using<Result>(
    signal: AbortSignal,
    work: (on: McpConnection) => Promise<Result>,
    again = true,
  ): Promise<Result> {
    const used = connection();
    let on: McpConnection | undefined;
    let heard = 0;
    const giveUp = () => {
      if (on === undefined || on.heard === heard) retire(used);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      on = await used;
      heard = on.heard;
      return await work(on);
    } catch (error) {
      if (!isForgotten(error)) throw error;
      retire(used);
      if (again) return await using(signal, work, false);
      throw unreachable("It forgets its sessions at once.");
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  const listed = (signal: AbortSignal) => using(signal, (on) => on.listed());

  return {
    tool: (name) => ({
      call: (request) => using(request.signal, (on) => on.call(name, request)),
      listed: async (signal) => (await listed(signal)).find((each) => each.name === name),
    }),
    listed,
    async close() {
      current = undefined;
      const closings = [...sessions].map((session) =>
        session.then(
          (each) => each.close(),
          () => undefined,
        ),
      );
      await Promise.all(closings);
    },
  };
}
