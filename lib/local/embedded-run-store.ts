import type { AbstractBatchOperation, AbstractBatchOptions, AbstractLevel, AbstractSublevel } from "abstract-level";
import { runKey, Table } from "../contract/index.ts";
import type {
  Attribute,
  Change,
  Condition,
  Item,
  Key,
  Matches,
  RunStore,
  RunsQuery,
  WriteResult,
} from "../ports/index.ts";
import { KeyedLock } from "./keyed-lock.ts";

export type Database = AbstractLevel<string | Buffer | Uint8Array, string, string>;
type Sublevel<Value> = AbstractSublevel<Database, string | Buffer | Uint8Array, string, Value>;

type Operation = AbstractBatchOperation<Database, string, unknown>;

/** How often a run has written to and read from the store. */
export interface StoreUsage {
  readonly writes: number;
  readonly reads: number;
}

const FLUSHED: AbstractBatchOptions<string, unknown> & { sync: boolean } = { sync: true };
const SEPARATOR = "\u0000";
const NONE: StoreUsage = { writes: 0, reads: 0 };

/** The RunStore on an embedded LevelDB. Every write is flushed to disk before it is answered. One process at a time. */
export class EmbeddedRunStore implements RunStore {
  readonly #items: Sublevel<Item>;
  readonly #index: Sublevel<string>;
  readonly #usage: Sublevel<StoreUsage>;
  readonly #counted = new Map<string, StoreUsage>();
  readonly #locks = new KeyedLock();

  constructor(private readonly database: Database) {
    this.#items = database.sublevel<string, Item>("items", { valueEncoding: "json" });
    this.#index = database.sublevel<string, string>("runs-index", {});
    this.#usage = database.sublevel<string, StoreUsage>("usage", { valueEncoding: "json" });
  }

  async get(key: Key): Promise<Item | undefined> {
    await this.#count(key.pk, { writes: 0, reads: 1 });
    return this.#items.get(idOf(key));
  }

  put(item: Item, condition?: Condition): Promise<WriteResult> {
    return this.#write(item, condition, () => item);
  }

  update({ pk, sk }: Key, change: Change, condition: Matches): Promise<WriteResult> {
    return this.#write({ pk, sk }, condition, (current) => ({ ...changed(current, change), pk, sk }));
  }

  async query(pk: string, prefix: string): Promise<Item[]> {
    await this.#count(pk, { writes: 0, reads: 1 });
    const from = idOf({ pk, sk: prefix });
    return this.#items.values({ gte: from, lt: `${from}\uffff` }).all();
  }

  async runs({ agent, status, startedBefore = "\uffff", limit }: RunsQuery): Promise<Item[]> {
    const from = `${agent}#${status}${SEPARATOR}`;
    const range = { gte: from, lt: `${from}${startedBefore}`, reverse: true, limit };
    const items = await this.#items.getMany(await this.#index.values(range).all());
    return items.filter((item) => item !== undefined);
  }

  /** What a run has cost the store so far, in this process and before. */
  async usage(runId: string): Promise<StoreUsage> {
    return this.#count(runKey(runId), NONE);
  }

  #write(key: Key, condition: Condition | undefined, next: (current: Item | undefined) => Item): Promise<WriteResult> {
    const id = idOf(key);
    return this.#locks.run(id, async () => {
      const current = await this.#items.get(id);
      const usage = await this.#count(key.pk, { writes: 1, reads: 0 });
      const operations: Operation[] = [{ type: "put", key: key.pk, value: usage, sublevel: this.#usage }];
      const applied = holds(condition, current);
      if (applied) {
        const item = next(current);
        operations.push({ type: "put", key: id, value: item, sublevel: this.#items });
        const [before, after] = [indexKey(current), indexKey(item)];
        if (before !== undefined && before !== after)
          operations.push({ type: "del", key: before, sublevel: this.#index });
        if (after !== undefined) operations.push({ type: "put", key: after, value: id, sublevel: this.#index });
      }
      await this.database.batch(operations, FLUSHED);
      return applied ? { applied } : { applied, current };
    });
  }

  async #count(pk: string, more: StoreUsage): Promise<StoreUsage> {
    if (!this.#counted.has(pk)) {
      const stored = await this.#usage.get(pk);
      if (!this.#counted.has(pk)) this.#counted.set(pk, stored ?? NONE);
    }
    const before = this.#counted.get(pk) ?? NONE;
    const after = { writes: before.writes + more.writes, reads: before.reads + more.reads };
    this.#counted.set(pk, after);
    return after;
  }
}

const idOf = ({ pk, sk }: Key) => `${pk}${SEPARATOR}${sk}`;

function indexKey(item: Item | undefined): string | undefined {
  const { partitionKey, sortKey } = Table.runsIndex;
  return item?.[partitionKey] === undefined ? undefined : [item[partitionKey], item[sortKey], item.pk].join(SEPARATOR);
}

function holds(condition: Condition | undefined, current: Item | undefined): boolean {
  if (condition === undefined) return true;
  if (condition.kind === "absent") return current === undefined;
  const { attributes = {}, lacks = [], atLeast = {} } = condition;
  return (
    current !== undefined &&
    Object.entries(attributes).every(([name, value]) => current[name] === value) &&
    lacks.every((name) => current[name] === undefined) &&
    Object.entries(atLeast).every(([name, least]) => Number(current[name]) >= least)
  );
}

function changed(current: Item | undefined, { set, add = {}, remove = [] }: Change): Record<string, Attribute> {
  const next: Record<string, Attribute> = { ...current, ...set };
  for (const [name, more] of Object.entries(add)) next[name] = Number(next[name] ?? 0) + more;
  for (const name of remove) delete next[name];
  return next;
}
