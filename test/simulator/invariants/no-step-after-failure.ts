import type { Invariant } from "../evidence.ts";
import { expectedOf } from "../reference.ts";
import { handlersOf } from "./look-up.ts";

/**
 * Once a run has closed, no handler begins in an invocation that was made after that; and none ever begins for a step
 * that the document does not lead to, given how the steps before it came out.
 */
export const noStepAfterFailure: Invariant = (evidence) => {
  const invokedAt = new Map<number, number>();
  const closedAt = new Map<string, number>();
  for (const [index, fact] of evidence.facts.entries()) {
    if (fact.kind === "invoked") invokedAt.set(fact.invocation, index);
    if (fact.kind === "closed") closedAt.set(fact.runId, index);
  }
  return evidence.runs.flatMap((run) => {
    const { runId } = run;
    const { inputs } = expectedOf(run.agent, run.input, run.exits);
    const closed = closedAt.get(runId) ?? Number.POSITIVE_INFINITY;
    return handlersOf(evidence, runId).flatMap(({ path, undo, invocation }) => {
      if ((invokedAt.get(invocation) ?? 0) > closed) return [`${runId} had closed when ${path} was begun`];
      return undo || inputs.has(path) ? [] : [`${runId} ${path} was begun, and the document does not lead there`];
    });
  });
};
