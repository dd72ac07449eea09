import type { Json } from "../../../contract/index.ts";
import type { Entry } from "../interpreter/entry.ts";
import type { ExecutionRecord, Journal } from "./journal.ts";

/** Keeps executions for as long as the process lives. */
export function memoryJournal(): Journal {
  const entries = new Map<string, Entry[]>();
  const records = new Map<string, ExecutionRecord>();
  const definitions = new Map<string, Json>();
  return {
    append({ arn, entry, record, definition }, done) {
      const written = entries.get(arn);
      if (written === undefined) entries.set(arn, [entry]);
      else written.push(entry);
      if (record !== undefined) records.set(arn, record);
      if (definition !== undefined) definitions.set(definition.id, definition.definition);
      done();
    },
    record: async (arn) => records.get(arn),
    entries: async (arn) => entries.get(arn) ?? [],
    definition: async (id) => definitions.get(id),
    open: async () => [...records].filter(([, { standing }]) => standing.status === "RUNNING").map(([arn]) => arn),
    async *records() {
      yield* records.values();
    },
    flushed: async () => undefined,
  };
}
