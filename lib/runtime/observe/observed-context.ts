import type { Json } from "../../contract/index.ts";
import type { Log, Tracer } from "../../ports/index.ts";
import type { StepContext } from "../step-context.ts";

/** What a step's handler is given besides its input. */
export interface ObservedContext extends StepContext {
  /** Says run, step and attempt of each line. Secrets that are known by name or form are taken out; payloads are the handler's not to log. */
  readonly log: Log;
}

/** The code of a task step: validated input in, output out. It runs once a checkpoint, however often it is attempted. */
export type ObservedHandler<Input = Json, Output = Json> = (
  input: Input,
  context: ObservedContext,
) => Output | Promise<Output>;

/** A context whose actions show as spans, performed or recorded, and in the log where one ends in an error that it has survived. What it takes work to find out is found out when it is asked for. */
export function observedContext(context: StepContext, { tracer, log }: { tracer: Tracer; log: Log }): ObservedContext {
  const action: StepContext["action"] = (key, perform, options) => {
    const acting = tracer.span(key, { action: key, ...options?.trace }, async (span) => {
      let outcome = "recorded";
      const result = await context.action(
        key,
        (given) => {
          outcome = "performed";
          return perform(given);
        },
        options,
      );
      const about = options?.traceOf?.(result);
      span.annotate({ outcome, ...about });
      if (about?.error_code !== undefined && outcome === "performed")
        log.warn("action failed", { action: key, ...options?.trace, ...about });
      return result;
    });
    // A failure that the handler does not wait for is no rejection that nobody handles: the attempt knows of it.
    acting.catch(() => undefined);
    return acting;
  };
  const { agent, runId, path, attempt, signal, blobs, approvals } = context;
  return {
    agent,
    runId,
    path,
    attempt,
    signal,
    blobs,
    approvals,
    remainingMs: () => context.remainingMs(),
    log,
    action,
    get idempotencyKey() {
      return context.idempotencyKey;
    },
  };
}
