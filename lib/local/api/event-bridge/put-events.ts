import { z } from "zod";
import { parseObject } from "../../../contract/index.ts";
import type { Chance, Clock } from "../../../ports/index.ts";
import { type Operations, operation } from "../operation.ts";
import { type Delivery, deliver, type EventTarget } from "./deliver.ts";

export interface EventBus {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly targets: readonly EventTarget[];
  /** Told what became of every event. */
  readonly onDelivery: (delivery: Delivery) => void;
}

const text = z.string().exactOptional();
const Entry = z.object({
  Source: text,
  DetailType: text,
  Detail: text,
  /** Seconds since the epoch, until the end of the year 9999. */
  Time: z.number().min(0).max(253_402_300_799).exactOptional(),
  Resources: z.array(z.string()).default([]),
  TraceHeader: z.string().max(500).exactOptional(),
});
type Entry = z.output<typeof Entry>;

/** Of one entry, in the order of the request. */
type Result = { readonly EventId: string } | { readonly ErrorCode: string; readonly ErrorMessage: string };

/**
 * EventBridge's PutEvents. An entry succeeds once every run that it starts is durable. As on AWS it also succeeds when no
 * agent wants the event, or when one refuses it: that is told to `onDelivery`, and not to the sender.
 *
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export const eventBridge = (bus: EventBus): Operations => ({
  PutEvents: operation(z.object({ Entries: z.array(Entry).min(1).max(10) }), async ({ Entries }) => {
    const results: Result[] = await Promise.all(Entries.map((entry) => put(bus, entry)));
    return { FailedEntryCount: results.filter((result) => "ErrorCode" in result).length, Entries: results };
  }),
});

async function put({ clock, chance, targets, onDelivery }: EventBus, entry: Entry): Promise<Result> {
  const { Source, DetailType, Detail, Resources, TraceHeader, Time = clock.now() / 1000 } = entry;
  if (!Source) return missing("Source");
  if (!DetailType) return missing("DetailType");
  if (!Detail) return missing("Detail");
  const detail = parseObject(Detail);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const event = {
    version: "0",
    id: chance.uuid(),
    "detail-type": DetailType,
    source: Source,
    account: "000000000000",
    time: new Date(Time * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
    region: "us-east-1",
    resources: Resources,
    detail,
  };
  try {
    for (const delivery of await deliver(targets, event, TraceHeader)) onDelivery(delivery);
    return { EventId: event.id };
  } catch (error) {
    return { ErrorCode: "InternalFailure", ErrorMessage: error instanceof Error ? error.message : String(error) };
  }
}

const missing = (name: string): Result => ({
  ErrorCode: "InvalidArgument",
  ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
});
