import type {
  AbstractBatchOperation,
  AbstractBatchOptions,
  AbstractLevel,
  AbstractSublevel,
  AbstractValueIteratorOptions,
} from "abstract-level";
import { agentStatus, peopleKey, runKey, Table } from "../contract/index.ts";
import type {
  AskedQuery,
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
type Range = Pick<AbstractValueIteratorOptions<string, string>, "limit" | "reverse">;

/** Between what sorts so, both ends left out. */
interface Within {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

/** The items that have both attributes, in order, as far as they belong there. */
interface Index {
  readonly admits: (key: Key) => boolean;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** What it shows on DynamoDB beyond the keys. */
  readonly projected: readonly string[];
  /** Ids of the items. */
  readonly entries: Sublevel<string>;
  /** What sets apart the items of a partition that sort alike. */
  readonly nameOf: (key: Key) => string;
}

/** How often a run has written to and read from the store. */
export interface StoreUsage {
  readonly writes: number;
  readonly reads: number;
  /** Of its indexes: what an item is listed under costs a write to begin with and two to change. */
  readonly indexWrites: number;
}

const READ: StoreUsage = { writes: 0, reads: 1, indexWrites: 0 };
const FLUSHED: AbstractBatchOptions<string, unknown> & { sync: boolean } = { sync: true };
const SEPARATOR = "\u0000";
const PAST_ALL = "\uffff";
const NONE: StoreUsage = { writes: 0, reads: 0, indexWrites: 0 };

/** The RunStore on an embedded LevelDB. Every write is flushed to disk before it is answered. One process at a time. */
export class EmbeddedRunStore implements RunStore {
  readonly #items: Sublevel<Item>;
  readonly #runs: Index;
  readonly #asked: Index;
  readonly #usage: Sublevel<StoreUsage>;
  readonly #counted = new Map<string, StoreUsage>();
  readonly #locks = new KeyedLock();

  /** @param isCounted whether what is read and written counts as the runs' own. */
  constructor(
    private readonly database: Database,
    private readonly isCounted = true,
  ) {
    this.#items = database.sublevel<string, Item>("items", { valueEncoding: "json" });
    const entries = (name: string) => database.sublevel<string, string>(`${name}-index`, {});
    // Stores on disk have the entries of runs under these names: a RUN item is alone in its partition.
    this.#runs = {
      ...Table.runsIndex,
      entries: entries(Table.runsIndex.name),
      nameOf: ({ pk }) => pk,
      admits: () => true,
    };
    this.#asked = {
      ...Table.askedIndex,
      entries: entries(Table.askedIndex.name),
      nameOf: idOf,
      admits: ({ pk }) => pk.startsWith(peopleKey("")),
    };
    this.#usage = database.sublevel<string, StoreUsage>("usage", { valueEncoding: "json" });
  }

  async get(key: Key): Promise<Item | undefined> {
    await this.#count(key.pk, READ);
    return this.#items.get(idOf(key));
  }

  put(item: Item, condition?: Condition): Promise<WriteResult> {
    return this.#write(item, condition, () => item);
  }

  update({ pk, sk }: Key, change: Change, condition: Matches): Promise<WriteResult> {
    return this.#write({ pk, sk }, condition, (current) => ({ ...changed(current, change), pk, sk }));
  }

  async query(pk: string, prefix: string, limit = -1): Promise<Item[]> {
    await this.#count(pk, READ);
    const from = idOf({ pk, sk: prefix });
    return this.#items.values({ gte: from, lt: `${from}${PAST_ALL}`, limit }).all();
  }

  runs({ agent, status, startedAfter, startedBefore, limit }: RunsQuery): Promise<Item[]> {
    const within = { after: startedAfter, before: startedBefore };
    return this.#listed(this.#runs, agentStatus(agent, status), { reverse: true, limit }, within);
  }

  asked({ audience, limit }: AskedQuery): Promise<Item[]> {
    return this.#listed(this.#asked, audience, { limit });
  }

  /** What a run has cost the store so far, in this process and before. */
  async usage(runId: string): Promise<StoreUsage> {
    const ofRun = await this.#count(runKey(runId), NONE);
    return sum(ofRun, await this.#count(peopleKey(runId), NONE));
  }

  async #listed({ entries }: Index, partition: string, range: Range, within: Within = {}): Promise<Item[]> {
    const from = `${escaped(partition)}${SEPARATOR}`;
    const { after, before = PAST_ALL } = within;
    // Behind what sorts so, there is a separator, and the name.
    const first = after === undefined ? from : `${from}${after}${PAST_ALL}`;
    const ids = await entries.values({ ...range, gte: first, lt: `${from}${before}` }).all();
    return (await this.#items.getMany(ids)).filter((item) => item !== undefined);
  }

  #write(key: Key, condition: Condition | undefined, next: (current: Item | undefined) => Item): Promise<WriteResult> {
    const id = idOf(key);
    return this.#locks.run(id, async () => {
      const current = await this.#items.get(id);
      const applied = holds(condition, current);
      const item = applied ? next(current) : undefined;
      const indexes =
        item === undefined ? [] : [this.#runs, this.#asked].map((index) => reindexed(index, current, item));
      const indexWrites = indexes.reduce((sum, { writes }) => sum + writes, 0);
      const usage = await this.#count(key.pk, { writes: 1, reads: 0, indexWrites });
      const operations: Operation[] = [{ type: "put", key: key.pk, value: usage, sublevel: this.#usage }];
      if (item !== undefined) operations.push({ type: "put", key: id, value: item, sublevel: this.#items });
      for (const index of indexes) operations.push(...index.operations);
      await this.database.batch(operations, FLUSHED);
      return applied ? { applied } : { applied, current };
    });
  }

  async #count(pk: string, more: StoreUsage): Promise<StoreUsage> {
    if (!this.isCounted) return NONE;
    if (!this.#counted.has(pk)) {
      const stored = await this.#usage.get(pk);
      if (!this.#counted.has(pk)) this.#counted.set(pk, { ...NONE, ...stored });
    }
    const before = this.#counted.get(pk) ?? NONE;
    const after = sum(before, more);
    this.#counted.set(pk, after);
    return after;
  }
}

const idOf = ({ pk, sk }: Key) => `${pk}${SEPARATOR}${sk}`;

const sum = (one: StoreUsage, other: StoreUsage): StoreUsage => ({
  writes: one.writes + other.writes,
  reads: one.reads + other.reads,
  indexWrites: one.indexWrites + other.indexWrites,
});

/** What keeps an index true to an item that is written, and how many writes of an index that is on DynamoDB. */
function reindexed(index: Index, current: Item | undefined, item: Item) {
  const sublevel = index.entries;
  const [before, after] = [entryOf(index, current), entryOf(index, item)];
  const operations: Operation[] =
    before === after
      ? []
      : [
          ...(before === undefined ? [] : [{ type: "del", key: before, sublevel } as const]),
          ...(after === undefined ? [] : [{ type: "put", key: after, value: idOf(item), sublevel } as const]),
        ];
  const isShownAnew = after !== undefined && index.projected.some((name) => current?.[name] !== item[name]);
  return { operations, writes: operations.length || (isShownAnew ? 1 : 0) };
}

function entryOf({ partitionKey, sortKey, nameOf, admits }: Index, item: Item | undefined): string | undefined {
  const [partition, sort] = [item?.[partitionKey], item?.[sortKey]];
  if (item === undefined || partition === undefined || sort === undefined || !admits(item)) return undefined;
  return [escaped(String(partition)), sort, nameOf(item)].join(SEPARATOR);
}

/** Without separators: an audience may have any name. */
const escaped = (text: string) => JSON.stringify(text).slice(1, -1);

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
