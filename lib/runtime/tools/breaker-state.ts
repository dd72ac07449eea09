import { ConsecutiveBreaker } from "cockatiel";
import type { ToolFault } from "../../contract/index.ts";

/** A breaker as the whole fleet sees it. Times are milliseconds since the epoch. */
export type BreakerState =
  /** Failures since the last success, counted until then. */
  | { readonly status: "closed"; readonly failures: number; readonly until: number }
  /** Nothing passes before then. `fault`: the last failure. */
  | { readonly status: "open"; readonly until: number; readonly fault: ToolFault }
  /** One call has been let through to see; if it has not said by then, it never will. */
  | { readonly status: "probing"; readonly until: number; readonly fault: ToolFault; readonly probe: string };

/** In milliseconds, but for the count. */
export interface BreakerLimits {
  readonly failures: number;
  readonly within: number;
  readonly halfOpenAfter: number;
  readonly probeTimeout: number;
}

export const CLOSED: BreakerState = { status: "closed", failures: 0, until: 0 };

/** Whether a call may pass: yes, no, or once this state is written, as its probe. */
export function admission(
  state: BreakerState,
  limits: BreakerLimits,
  now: number,
  probe: string,
): "pass" | "refuse" | BreakerState {
  if (state.status === "closed") return "pass";
  if (now < state.until) return "refuse";
  return { status: "probing", until: now + limits.probeTimeout, fault: state.fault, probe };
}

/**
 * The state after a call; the same object where it changes nothing. While the breaker is not closed only its probe has a
 * say: other calls began before it opened.
 *
 * @param fault `undefined`: the call went well.
 */
export function afterCall(
  state: BreakerState,
  limits: BreakerLimits,
  now: number,
  fault: ToolFault | undefined,
  probe?: string,
): BreakerState {
  if (state.status === "closed") {
    if (fault === undefined) return state.failures === 0 ? state : CLOSED;
    const isOver = now >= state.until;
    const breaker = new ConsecutiveBreaker(limits.failures);
    breaker.state = isOver ? 0 : state.failures;
    if (breaker.failure()) return { status: "open", until: now + limits.halfOpenAfter, fault };
    return { status: "closed", failures: breaker.state, until: isOver ? now + limits.within : state.until };
  }
  if (state.status === "open" || state.probe !== probe) return state;
  return fault === undefined ? CLOSED : { status: "open", until: now + limits.halfOpenAfter, fault };
}
