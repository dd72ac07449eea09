import type { RunStore } from "../../lib/ports/index.ts";

/** A store of which some methods do something else. */
export const wrappedStore = (store: RunStore, changed: Partial<RunStore>): RunStore => ({
  get: (key) => store.get(key),
  put: (item, condition) => store.put(item, condition),
  update: (key, change, condition) => store.update(key, change, condition),
  query: (pk, prefix, limit) => store.query(pk, prefix, limit),
  runs: (query) => store.runs(query),
  asked: (query) => store.asked(query),
  ...changed,
});
