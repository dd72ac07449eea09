import { ErrorClass, HoldfastError, type Json, parseTraceHeader } from "../../../contract/index.ts";
import type { StartedRun } from "../../../runtime/index.ts";
import { ServiceError } from "../../engine/index.ts";

/** An event as rules see it. */
export type Event = Json & {
  readonly id: string;
  readonly source: string;
  readonly "detail-type": string;
};

/** An agent, as the rules of its triggers see it. */
export interface EventTarget {
  readonly agent: string;
  readonly triggers: readonly { readonly source: string; readonly detailType: string }[];
  /** Starts the run of an event, once however often it comes. @param traceHeader X-Ray's, of whoever sent it. */
  start(event: Event, traceHeader?: string): Promise<StartedRun>;
}

/** What became of an event. */
export type Delivery = { readonly event: Event } & (
  | { readonly kind: "unmatched" }
  | { readonly kind: "started"; readonly agent: string; readonly run: StartedRun }
  /** The agent takes no such event: on AWS it would end in the dead-letter queue. */
  | { readonly kind: "refused"; readonly agent: string; readonly reason: string }
);

/**
 * Takes an event to every agent that has a trigger for it. Source and detail type must be equal: triggers declare no more.
 *
 * @throws what kept a run from starting that is not the event's fault, so that its sender tries again.
 */
export async function deliver(
  targets: readonly EventTarget[],
  event: Event,
  traceHeader?: string,
): Promise<Delivery[]> {
  const matching = targets.filter(({ triggers }) =>
    triggers.some(({ source, detailType }) => source === event.source && detailType === event["detail-type"]),
  );
  if (matching.length === 0) return [{ kind: "unmatched", event }];
  return Promise.all(matching.map((target) => start(target, event, usable(traceHeader))));
}

async function start({ agent, start }: EventTarget, event: Event, traceHeader?: string): Promise<Delivery> {
  try {
    return { kind: "started", event, agent, run: await start(event, traceHeader) };
  } catch (error) {
    const isRefusal =
      error instanceof ServiceError || (error instanceof HoldfastError && error.name === ErrorClass.InvalidInput);
    if (isRefusal) return { kind: "refused", event, agent, reason: error.message };
    throw error;
  }
}

/** An event is not refused for a header that names no trace. */
const usable = (header: string | undefined) => (parseTraceHeader(header) === undefined ? undefined : header);
