import type { RunStore } from "../../lib/ports/index.ts";

/** A call that was made of one store, to be made of another. */
export type StoreCall = (store: RunStore) => Promise<unknown>;

/** A store that keeps the calls made of it. */
export function recordingStore(store: RunStore) {
  let calls: StoreCall[] = [];
  const made = <Result>(call: (store: RunStore) => Promise<Result>): Promise<Result> => {
    calls.push(call);
    return call(store);
  };
  const recording: RunStore = {
    get: (key) => made((other) => other.get(key)),
    put: (item, condition) => made((other) => other.put(item, condition)),
    update: (key, change, condition) => made((other) => other.update(key, change, condition)),
    query: (pk, prefix, limit) => made((other) => other.query(pk, prefix, limit)),
    runs: (query) => made((other) => other.runs(query)),
    asked: (query) => made((other) => other.asked(query)),
  };
  return {
    store: recording,
    /** The calls since it was last asked. */
    take(): readonly StoreCall[] {
      const taken = calls;
      calls = [];
      return taken;
    },
  };
}
