/** Attributes are scalars: payloads travel as JSON text, so that every store holds exactly what was written. */
export type Attribute = string | number | boolean;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Key & { readonly [attribute: string]: Attribute };

/** What must hold of the stored item for a write to apply. */
export type Condition = { readonly kind: "absent" } | Matches;

/** The item is there, and all of this holds of it. */
export interface Matches {
  readonly kind: "matches";
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** Attributes that it does not have. */
  readonly lacks?: readonly string[];
  /** Numbers that it has, each at least so great. */
  readonly atLeast?: Readonly<Record<string, number>>;
}

/** What an update does to an item; each attribute is named once. */
export interface Change {
  readonly set?: Readonly<Record<string, Attribute>>;
  /** Added to numbers; one that is not there counts as 0. */
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

export type WriteResult = { readonly applied: true } | { readonly applied: false; readonly current: Item | undefined };

export interface RunsQuery {
  readonly agent: string;
  readonly status: string;
  /** ISO 8601 with milliseconds, as in the items; only runs that started earlier. @default all */
  readonly startedBefore?: string;
  /** The same of those that started later. @default all */
  readonly startedAfter?: string;
  /** Newest first; at most this many. */
  readonly limit: number;
}

export interface AskedQuery {
  readonly audience: string;
  /** Oldest first; at most this many. */
  readonly limit: number;
}

/**
 * Where runs, checkpoints, actions and escalations are kept. Every write is one item, atomic, and durable once it is
 * answered; a write may have applied although its answer was lost.
 *
 * One conformance suite covers all implementations.
 */
export interface RunStore {
  /** The item as of the last answered write. */
  get(key: Key): Promise<Item | undefined>;
  /** Writes the whole item if the condition holds; otherwise answers with what is there. */
  put(item: Item, condition?: Condition): Promise<WriteResult>;
  /** Changes attributes of an item that is there, if the condition holds; otherwise answers with what is there. */
  update(key: Key, change: Change, condition: Matches): Promise<WriteResult>;
  /**
   * The items of a partition whose sort keys start so, in the order of their sort keys.
   *
   * @param limit at most so many. Default: all.
   */
  query(pk: string, prefix: string, limit?: number): Promise<Item[]>;
  /** RUN items by agent and status, newest first. May lag behind the last write. */
  runs(query: RunsQuery): Promise<Item[]>;
  /**
   * ESCALATION items by the audience that they wait for, oldest first, without what only a decision needs. What stands in
   * other partitions than those of people is left out. May lag behind the last write.
   */
  asked(query: AskedQuery): Promise<Item[]>;
}
