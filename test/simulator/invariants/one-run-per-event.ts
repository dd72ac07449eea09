import type { Invariant } from "../evidence.ts";

/** However often an event is put, one run comes of it. */
export const oneRunPerEvent: Invariant = ({ runs, events }) =>
  events.flatMap((event) => {
    const own = runs.filter(({ input }) => (input as { readonly id?: string }).id === event);
    return own.length === 1 ? [] : [`${event} led to ${own.length} runs: ${own.map(({ runId }) => runId).join(", ")}`];
  });
