import { isObject, type Json, listOf } from "../../contract/index.ts";
import { TaskError, type TaskRegistry } from "./tasks.ts";

/** Takes the entries of one PutEvents. Returns the id of each event, in order. */
export type EventSink = (entries: readonly Json[]) => readonly string[] | Promise<readonly string[]>;

/**
 * `events:putEvents`, with the shape of the optimised integration's result.
 *
 * @param sink when it throws, the Task fails with the error's name.
 */
export function eventTasks(sink: EventSink): TaskRegistry {
  return ({ service, action }) => {
    if (service !== "events" || !action.startsWith("putEvents")) return undefined;
    return async ({ arguments: given }) => {
      const entries = listOf(isObject(given) ? given.Entries : undefined);
      if (entries.length === 0) throw new TaskError("EventBridge.ValidationException", "Entries must not be empty.");
      const ids = await sink(entries);
      return { Entries: ids.map((EventId) => ({ EventId })), FailedEntryCount: 0 };
    };
  };
}

/** The first of several registries that handles a resource does. */
export const firstOf =
  (...registries: readonly TaskRegistry[]): TaskRegistry =>
  (resource) => {
    for (const registry of registries) {
      const handler = registry(resource);
      if (handler !== undefined) return handler;
    }
    return undefined;
  };
