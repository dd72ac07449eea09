import type { AbstractBatchOptions } from "abstract-level";
import type { Json } from "../../../contract/index.ts";
import type { Entry } from "../interpreter/entry.ts";
import type { Append, ExecutionRecord, Journal } from "./journal.ts";

/** The part of an abstract-level database or sublevel that a journal needs; keys and values are text. */
export interface JournalStore {
  batch(operations: Operation[], options: { sync: boolean } & AbstractBatchOptions<string, string>): Promise<void>;
  get(key: string): Promise<string | undefined>;
  values(range: { gt: string; lt: string }): AsyncIterable<string> & { all(): Promise<string[]> };
}

type Operation =
  | { readonly type: "put"; readonly key: string; readonly value: string }
  | { readonly type: "del"; readonly key: string };

/** No name that AWS allows has a slash, so that no key is the beginning of another's. */
const keys = {
  entry: (arn: string, sequence: number) => `entry/${arn}/${String(sequence).padStart(8, "0")}`,
  entries: (arn: string) => ({ gt: `entry/${arn}/`, lt: `entry/${arn}/~` }),
  record: (arn: string) => `execution/${arn}`,
  records: { gt: "execution/", lt: "execution/~" },
  open: (arn: string) => `open/${arn}`,
  allOpen: { gt: "open/", lt: "open/~" },
  definition: (id: string) => `definition/${id}`,
};

/** Keeps executions in an abstract-level store, with one synchronous commit for all that waits to be written. */
export function levelJournal(store: JournalStore): Journal {
  let operations: Operation[] = [];
  let callbacks: ((failure?: Error) => void)[] = [];
  let committing = false;
  const definitions = new Set<string>();
  let broken: Error | undefined;

  const commit = async () => {
    committing = true;
    while (callbacks.length > 0) {
      const batch = operations;
      const waiting = callbacks;
      operations = [];
      callbacks = [];
      try {
        if (broken === undefined && batch.length > 0) await store.batch(batch, { sync: true });
      } catch (error) {
        broken = error instanceof Error ? error : new Error(String(error));
      }
      for (const done of waiting) done(broken);
    }
    committing = false;
  };

  const read = async <Value>(key: string): Promise<Value | undefined> => {
    const text = await store.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };

  return {
    append(write, done) {
      operations.push(...operationsOf(write));
      const { definition } = write;
      if (definition !== undefined && !definitions.has(definition.id)) {
        definitions.add(definition.id);
        const value = JSON.stringify(definition.definition);
        operations.push({ type: "put", key: keys.definition(definition.id), value });
      }
      callbacks.push(done);
      if (!committing) void commit();
    },
    record: (arn) => read<ExecutionRecord>(keys.record(arn)),
    async entries(arn) {
      const values = await store.values(keys.entries(arn)).all();
      return values.map((text): Entry => JSON.parse(text));
    },
    definition: (id) => read<Json>(keys.definition(id)),
    open: () => store.values(keys.allOpen).all(),
    async *records() {
      for await (const text of store.values(keys.records)) yield JSON.parse(text);
    },
    flushed: () =>
      new Promise((resolve) => {
        if (committing) callbacks.push(() => resolve());
        else resolve();
      }),
  };
}

function operationsOf({ arn, sequence, entry, record }: Append): Operation[] {
  const put = (key: string, value: string): Operation => ({ type: "put", key, value });
  const operations = [put(keys.entry(arn, sequence), JSON.stringify(entry))];
  if (record !== undefined) {
    operations.push(put(keys.record(arn), JSON.stringify(record)));
    operations.push(
      record.standing.status === "RUNNING" ? put(keys.open(arn), arn) : { type: "del", key: keys.open(arn) },
    );
  }
  return operations;
}
