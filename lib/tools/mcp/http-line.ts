import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike, Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { parseObject } from "../../contract/index.ts";
import { type Secrets, ToolFailed, ToolStatus } from "../../ports/index.ts";
import { boundedStream } from "../bounded.ts";
import { said } from "../said.ts";
import { type Credentials, sealed } from "../secret.ts";
import type { Line } from "./connection.ts";
import { unreachable } from "./failure.ts";

/** Of one answer, in bytes: it is held in memory as a whole before its size is known. */
export const LARGEST_MESSAGE = 8 * 1_024 * 1_024;
/** What was read of a stream is delivered well within this after its end. */
const DELIVERED_MS = 100;
const CONNECTION_CLOSED = -32_000;

export interface McpUrl {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: Credentials | undefined;
}

/** A line to an MCP server over streamable HTTP. Redirects are followed within its origin alone. */
export const httpLine =
  ({ secrets, fetch }: { readonly secrets: Secrets; readonly fetch: FetchLike }, { url, headers, auth }: McpUrl) =>
  async (): Promise<Line> => {
    const credentials = await sealed(secrets, auth);
    const line: { transport?: Transport } = {};
    const transport: Transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { ...headers, ...credentials.headers } },
      fetch: answering(fetch, credentials.secrets, (id, failed) => lost(line.transport, id, failed)),
    });
    line.transport = transport;
    return { transport, secrets: credentials.secrets };
  };

/** Bounds what is read, makes errors of statuses, and tells of requests whose stream ended. */
const answering =
  (fetch: FetchLike, secrets: readonly string[], ended: (id: number, failed: ToolFailed) => void): FetchLike =>
  async (url, init) => {
    const response = await fetch(url, init);
    const { status, headers, body } = response;
    // 405: it has no stream of its own accord, which is well.
    if (status >= 400 && status !== 405) throw new ToolStatus(status, headers, await said(body, secrets));
    if (body === null || status >= 300) return response;
    const id = requestId(init?.body);
    const over = (error?: unknown) => {
      if (id !== undefined) ended(id, error instanceof ToolFailed ? error : unreachable("It broke off its answer."));
    };
    return new Response(boundedStream(body, LARGEST_MESSAGE, over), { status, headers });
  };

/** The SDK waits on for an answer whose stream has ended without it: this answers in its place, unless it was there. */
function lost(transport: Transport | undefined, id: number, data: ToolFailed): void {
  const answer = { jsonrpc: "2.0", id, error: { code: CONNECTION_CLOSED, message: data.message, data } } as const;
  setTimeout(() => transport?.onmessage?.(answer), DELIVERED_MS);
}

function requestId(body: unknown): number | undefined {
  const { id, method } = (typeof body === "string" && parseObject(body)) || {};
  return method !== undefined && typeof id === "number" ? id : undefined;
}
