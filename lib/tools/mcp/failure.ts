import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { ToolFailed, ToolStatus } from "../../ports/index.ts";

/** Statuses that say of a session, not of a call, that something is wrong. */
const SESSION_BROKEN = [400, 405, 406, 410];

/** What a JSON-RPC error of the server means. The SDK makes errors of its own kind of what happens to it besides. */
export const isServersOwn = (error: unknown): error is McpError =>
  error instanceof McpError &&
  error.code !== ErrorCode.ConnectionClosed &&
  error.code !== ErrorCode.RequestTimeout &&
  !(error.data instanceof ToolFailed);

/** The server has forgotten the session: nothing was done, and a new one is due (MCP: session management). */
export const isForgotten = (error: unknown) => error instanceof ToolStatus && error.status === 404;

/**
 * What the SDK threw, as a failure of the tool. What is thrown by `fetch` stays as it is, for classification.
 *
 * @param sawGarbage whether the server has written what is no message since the call began.
 */
export function failureOf(error: unknown, sawGarbage: boolean): unknown {
  if (error instanceof ToolFailed) return error.fault === "timedOut" && sawGarbage ? garbage() : error;
  if (error instanceof ToolStatus)
    return SESSION_BROKEN.includes(error.status) ? unreachable(`It answers ${error.message}.`) : error;
  if (error instanceof McpError) {
    if (error.data instanceof ToolFailed) return sawGarbage ? garbage() : error.data;
    if (sawGarbage) return garbage();
    if (error.code === ErrorCode.ConnectionClosed) return unreachable("It closed the connection.");
    if (error.code === ErrorCode.RequestTimeout) return new ToolFailed("timedOut", "It gave no answer in time.");
    return unreachable("It refused to begin a session.");
  }
  if (isGarbage(error)) return garbage();
  if (isFailedStart(error)) return unreachable("Its command could not be started.");
  return error;
}

/** Not JSON; JSON that is no message; an answer that is none to what was asked; another kind of content. */
export const isGarbage = (error: unknown): boolean =>
  error instanceof SyntaxError ||
  (error instanceof Error && (error.name === "ZodError" || error.name === "$ZodError")) ||
  (error instanceof Error && "code" in error && error.code === -1);

const isFailedStart = (error: unknown) =>
  error instanceof Error && "syscall" in error && String(error.syscall).startsWith("spawn");

const garbage = () => new ToolFailed("outputInvalid", "It wrote what is no message of MCP.");
export const unreachable = (message: string) => new ToolFailed("unreachable", message);
