import type { Json } from "../../../contract/index.ts";
import type { ItemBatcher, ItemReader, MapState } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import { bytesOf } from "../expression/size.ts";
import type { MapItem, Routine } from "../interpreter/fiber.ts";
import { type Frame, StateFailure } from "../interpreter/frame.ts";
import { readField, readOptional } from "./fields.ts";

/** What a Map is going to do, decided on entry. */
export interface MapPlan {
  /** Items, or batches of them. */
  readonly items: readonly Json[];
  readonly concurrency: number;
  inputOf(item: MapItem): Json;
  /** Whether so many failures are more than are tolerated. */
  exceeds(failures: number): boolean;
}

/** Limits of AWS on how many items run at a time, which apply where the state sets none. */
const MAX_CONCURRENCY = { inline: 40, distributed: 10_000 };

export function* planMap(frame: Frame, state: MapState): Routine<MapPlan> {
  const limit = state.distributed ? MAX_CONCURRENCY.distributed : MAX_CONCURRENCY.inline;
  const asked = Math.floor(readOptional(frame, state.maxConcurrency, "number") ?? 0);
  const toleratedCount = Math.floor(readOptional(frame, state.toleratedFailureCount, "number") ?? 0);
  const toleratedPercentage = readOptional(frame, state.toleratedFailurePercentage, "number") ?? 0;
  const source = state.itemReader === undefined ? readItems(frame, state) : yield* fetchItems(frame, state.itemReader);
  const { itemBatcher } = state;
  const select = (item: MapItem) =>
    state.itemSelector === undefined ? item.value : frame.evaluate(state.itemSelector, { item });
  const items =
    itemBatcher === undefined
      ? source
      : batches(
          frame,
          itemBatcher,
          source.map((value, index) => select({ index, value })),
        );
  return {
    items,
    concurrency: asked > 0 ? Math.min(asked, limit) : limit,
    inputOf: (item) => frame.limitSize(itemBatcher === undefined ? select(item) : item.value),
    exceeds: (failures) => failures > toleratedCount && failures * 100 > toleratedPercentage * items.length,
  };
}

function readItems(frame: Frame, { items }: MapState): readonly Json[] {
  if (items !== undefined) return readField(frame, items, "array");
  if (Array.isArray(frame.input)) return frame.input;
  return frame.failEvaluation(`Map state input must be an array but was: ${JSON.stringify(frame.input)}`);
}

function* fetchItems(frame: Frame, reader: ItemReader): Routine<readonly Json[]> {
  const { host, fiber, state } = frame;
  const most = readOptional(frame, reader.maxItems, "number");
  const call = {
    resource: reader.resource,
    arguments: reader.arguments === undefined ? {} : frame.evaluate(reader.arguments),
    stateName: state.name,
    attempt: frame.attempt,
    scheduledEventId: fiber.previous,
  };
  const id = host.begin(fiber, { kind: "call", call });
  for (;;) {
    const signal = yield;
    if (signal.kind !== "response") continue;
    host.cancel(id);
    const { outcome } = signal;
    if ("failure" in outcome) throw new StateFailure({ ...outcome.failure, error: StatesError.ItemReaderFailed });
    if (!Array.isArray(outcome.result))
      throw new StateFailure({ error: StatesError.ItemReaderFailed, cause: "The items read are not a JSON array." });
    return outcome.result.slice(0, most === undefined ? undefined : Math.floor(most));
  }
}

function batches(frame: Frame, batcher: ItemBatcher, items: readonly Json[]): Json[] {
  const mostItems = readOptional(frame, batcher.maxItemsPerBatch, "number") ?? Number.POSITIVE_INFINITY;
  const mostBytes = readOptional(frame, batcher.maxInputBytesPerBatch, "number") ?? Number.POSITIVE_INFINITY;
  const shared = batcher.batchInput === undefined ? {} : { BatchInput: frame.evaluate(batcher.batchInput) };
  const grouped: Json[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = bytesOf(item) + 1;
    const batch = grouped.at(-1);
    bytes += size;
    if (batch === undefined || batch.length >= mostItems || bytes > mostBytes) {
      grouped.push([item]);
      bytes = size;
    } else batch.push(item);
  }
  return grouped.map((batch) => ({ ...shared, Items: batch }));
}
