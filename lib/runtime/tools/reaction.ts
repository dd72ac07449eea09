import { ErrorClass, HoldfastError, ToolFault } from "../../contract/index.ts";
import type { ToolDefinition } from "../../definition/index.ts";
import { isSurelyNotApplied } from "../classify/index.ts";
import type { ToolFailure } from "./outcome.ts";

/** A fault of one call. */
export interface Faulted {
  readonly fault: ToolFault;
  readonly message: string;
  /** Whether the tool may have heard of the call. */
  readonly sent: boolean;
  readonly retryAfterSeconds?: number | undefined;
  /** It was its breaker that kept the call back. */
  readonly open?: boolean;
  /** What was thrown: it may tell that its client had asked before. */
  readonly cause?: unknown;
}

export type Reaction =
  | { readonly kind: "tell" | "fallback"; readonly failure: ToolFailure }
  | { readonly kind: "throw"; readonly error: HoldfastError };

const HELD_BACK = { code: "tool-breaker-open" } as const;

/** What a fault leads to. Whatever is declared, a write that may have taken effect is never taken for one that did not. */
export function reactionTo(tool: ToolDefinition, faulted: Faulted): Reaction {
  const { name, effect, isRepeatable, reactions } = tool;
  const { domain, errorClass } = ToolFault[faulted.fault];
  const { code } = faulted.open ? HELD_BACK : ToolFault[faulted.fault];
  const message = `Tool ${name}: ${faulted.message}`;
  const reaction = faulted.fault === "inputInvalid" ? "tell" : reactions[domain];
  // Whatever was asked before the call was sent, and however often, was no write.
  const cause = faulted.sent ? faulted.cause : undefined;
  const errorAs = (errorClass: ErrorClass) =>
    new HoldfastError(errorClass, code, message, { retryAfterSeconds: faulted.retryAfterSeconds, cause });
  const thrown = (errorClass: ErrorClass): Reaction => ({ kind: "throw", error: errorAs(errorClass) });
  const isUncertain =
    effect === "write" && faulted.sent && faulted.fault !== "inputInvalid" && !isSurelyNotApplied(errorAs(errorClass));
  if (isUncertain && !(reaction === "retry" && isRepeatable)) return outcomeUnknown(name, code);
  // What was not sent took no effect, and Throttled says so to the protocol of actions.
  const isHeldBack = faulted.open || (!faulted.sent && errorClass === ErrorClass.Transient);
  const own = isHeldBack ? ErrorClass.Throttled : errorClass;
  switch (reaction) {
    case "retry":
      return thrown(own);
    case "escalate":
      return thrown(effect === "write" || errorClass === ErrorClass.Denied ? ErrorClass.Denied : ErrorClass.NeedsHuman);
    case "tell":
    case "fallback":
      return { kind: reaction, failure: { domain, code, errorClass: own, message } };
  }
}

const outcomeUnknown = (name: string, code: string): Reaction => ({
  kind: "throw",
  error: new HoldfastError(
    ErrorClass.UnknownOutcome,
    "tool-outcome-unknown",
    `Tool ${name} was asked to write and failed (${code}): the write may have taken effect. Find out, and say what came of it.`,
  ),
});
