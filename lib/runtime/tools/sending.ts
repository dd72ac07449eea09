import { type BulkheadPolicy, BulkheadRejectedError, bulkhead } from "cockatiel";
import type { ToolDefinition } from "../../definition/index.ts";
import { type Clock, type ToolAnswer, ToolFailed, type ToolRequest, type ToolTransport } from "../../ports/index.ts";
import { drift } from "./drift.ts";
import { unlessAborted, withinTime } from "./within-time.ts";

/** What one call needs to know. */
export interface Call extends ToolRequest {
  readonly tool: ToolDefinition;
  readonly transport: ToolTransport;
}

/** `sent`: whether the tool may have heard of it. */
export type Sent = { readonly sent: boolean } & ({ readonly answer: ToolAnswer } | { readonly thrown: unknown });

/**
 * Sends calls: within the tool's time, as many at a time as its server takes, and to no tool that is not what was pinned.
 * A server that is slow holds up its own calls alone.
 */
export function sender(clock: Clock): (call: Call) => Promise<Sent> {
  const bulkheads = new Map<string, BulkheadPolicy>();
  const bulkheadOf = ({ name, server, bulkhead: { concurrency, queue } }: ToolDefinition): BulkheadPolicy => {
    const key = server ?? `function ${name}`;
    const found = bulkheads.get(key) ?? bulkhead(concurrency, queue);
    bulkheads.set(key, found);
    return found;
  };

  return async ({ tool, transport, signal, ...request }) => {
    let begun = false;
    let sent = false;
    const send = async (inner: AbortSignal) => {
      begun = true;
      inner.throwIfAborted();
      await requirePinned(tool, transport, inner);
      inner.throwIfAborted();
      sent = true;
      return transport.call({ ...request, signal: inner });
    };
    try {
      // Cockatiel forgets to wake the next in its queue when one is aborted there, so it is not told of the signal.
      const answer = await withinTime(clock, tool.timeoutSeconds * 1_000, signal, (inner) =>
        bulkheadOf(tool).execute(() => unlessAborted(inner, send(inner))),
      );
      return { sent, answer };
    } catch (error) {
      if (error instanceof BulkheadRejectedError || (!begun && isTimedOut(error))) return { sent, thrown: busy() };
      return { sent: sent && !isUnsent(error), thrown: error };
    }
  };
}

async function requirePinned(
  { pinned, description, input }: ToolDefinition,
  transport: ToolTransport,
  signal: AbortSignal,
) {
  if (pinned === undefined) return;
  const declared = { name: pinned.tool, description, input };
  const found = drift(pinned.hash, declared, await transport.listed?.(signal));
  if (found !== undefined) throw new ToolFailed("drifted", `It is not what was pinned: ${found}.`);
}

const isUnsent = (error: unknown) => error instanceof ToolFailed && error.isUnsent;

const isTimedOut = (error: unknown) => error instanceof ToolFailed && error.fault === "timedOut";

const busy = () => new ToolFailed("busy", "Its server has as many calls as it may have at a time.");
