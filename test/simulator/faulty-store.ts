import type { Item, RunStore, WriteResult } from "../../lib/ports/index.ts";
import type { Invocation } from "./invocation.ts";
import type { Truth } from "./truth.ts";

/** The store as an invocation reaches it: across a network, and with a note of what it was told. */
export function faultyStore(store: RunStore, invocation: Invocation, truth: Truth): RunStore {
  const write = async (apply: () => Promise<WriteResult>, item: Item | undefined) => {
    const result = await invocation.through("write", apply);
    if (result.applied && item !== undefined) truth.note({ kind: "acknowledged", item });
    return result;
  };
  return {
    get: (key) => invocation.through("read", () => store.get(key)),
    query: (pk, prefix, limit) => invocation.through("read", () => store.query(pk, prefix, limit)),
    runs: (query) => invocation.through("read", () => store.runs(query)),
    asked: (query) => invocation.through("read", () => store.asked(query)),
    put: (item, condition) => write(() => store.put(item, condition), item),
    update: (key, change, condition) => write(() => store.update(key, change, condition), undefined),
  };
}
