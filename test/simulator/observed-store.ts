import { escalationKey, RUN } from "../../lib/contract/index.ts";
import type { Change, Item, Key, RunStore } from "../../lib/ports/index.ts";
import type { Truth } from "./truth.ts";

/** Every item as it stands, and a note of every write that took effect: beneath all faults, for the whole simulation. */
export class Observer {
  readonly items = new Map<string, Item>();
  /** Told of every escalation, once. */
  onOpened: (escalation: Item) => void = () => undefined;
  /** Told of every run whose item is closed. */
  onClosed: () => void = () => undefined;

  constructor(private readonly truth: Truth) {}

  /** Watches a store. Several may be watched, of which one is in use at a time. */
  watch(store: RunStore): RunStore {
    return {
      get: (key) => store.get(key),
      query: (pk, prefix, limit) => store.query(pk, prefix, limit),
      runs: (query) => store.runs(query),
      asked: (query) => store.asked(query),
      put: async (item, condition) => {
        const result = await store.put(item, condition);
        if (result.applied) this.#keep(item, item);
        return result;
      },
      update: async (key, change, condition) => {
        const result = await store.update(key, change, condition);
        if (result.applied) this.#keep(key, changed(this.items.get(idOf(key)), key, change));
        return result;
      },
    };
  }

  #keep(key: Key, after: Item): void {
    const before = this.items.get(idOf(key));
    this.items.set(idOf(key), after);
    this.truth.note({ kind: "written", before, after });
    const isOpened = before === undefined && after.sk.startsWith(ESCALATIONS) && after.status === "open";
    if (isOpened) this.onOpened(after);
    if (after.sk === RUN && after.open === false) this.onClosed();
  }
}

const ESCALATIONS = escalationKey("");

export const idOf = ({ pk, sk }: Key) => `${pk} ${sk}`;

function changed(before: Item | undefined, { pk, sk }: Key, { set, add = {}, remove = [] }: Change): Item {
  const sums = Object.entries(add).map(([name, more]) => [name, Number(before?.[name] ?? 0) + more]);
  const all = Object.entries({ ...before, ...set, ...Object.fromEntries(sums) });
  return { ...Object.fromEntries(all.filter(([name]) => !remove.includes(name))), pk, sk };
}
