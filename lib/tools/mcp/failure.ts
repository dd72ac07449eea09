import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { ToolFailed, ToolStatus } from "../../ports/index.ts";

/** Statuses that say of a session, not of a call, that something is wrong. */
const SESSION_BROKEN = [400, 405, 406, 410];

const REFUSALS: readonly number[] = [ErrorCode.InvalidRequest, ErrorCode.MethodNotFound, ErrorCode.InvalidParams];

/** A JSON-RPC error by which a server turns a call down; by any other it says that something went wrong in it meanwhile. */
export const isRefusal = (error: unknown): error is McpError =>
  error instanceof McpError && REFUSALS.includes(error.code) && !(error.data instanceof ToolFailed);

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
    return unreachable(`It answers with error ${error.code} of JSON-RPC.`);
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
