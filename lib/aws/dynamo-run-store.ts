import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { agentStatus, peopleKey, Table } from "../contract/index.ts";
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

type Attributes = Record<string, AttributeValue>;

/** The RunStore on a DynamoDB table. */
export class DynamoRunStore implements RunStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly table: string,
  ) {}

  async get(key: Key): Promise<Item | undefined> {
    const { Item: found } = await this.client.send(
      new GetItemCommand({ TableName: this.table, Key: marshal(keyOf(key)), ConsistentRead: true }),
    );
    return found && unmarshal(found);
  }

  put(item: Item, condition?: Condition): Promise<WriteResult> {
    const command = new PutItemCommand({
      TableName: this.table,
      Item: marshal(item),
      ...conditionOf(condition, new Expression()),
    });
    return this.#write(item, () => this.client.send(command));
  }

  update(key: Key, change: Change, condition: Matches): Promise<WriteResult> {
    const expression = new Expression();
    const command = new UpdateItemCommand({
      TableName: this.table,
      Key: marshal(keyOf(key)),
      UpdateExpression: changeOf(change, expression),
      ...conditionOf(condition, expression),
    });
    return this.#write(key, () => this.client.send(command));
  }

  query(pk: string, prefix: string, limit?: number): Promise<Item[]> {
    const query = {
      ConsistentRead: true,
      KeyConditionExpression: "#pk = :pk AND begins_with(#sk, :prefix)",
      ExpressionAttributeNames: { "#pk": Table.partitionKey, "#sk": Table.sortKey },
      ExpressionAttributeValues: { ":pk": { S: pk }, ":prefix": { S: prefix } },
    };
    return this.#pages(query, limit);
  }

  async runs({ agent, status, limit, ...started }: RunsQuery): Promise<Item[]> {
    const { name, partitionKey, sortKey } = Table.runsIndex;
    const { from, to } = boundsOf(started);
    if (from > to) return [];
    const expression = new Expression();
    const ofPartition = `${expression.name(partitionKey)} = ${expression.value(agentStatus(agent, status))}`;
    const within = `${expression.name(sortKey)} BETWEEN ${expression.value(from)} AND ${expression.value(to)}`;
    const terms = [ofPartition, within];
    const newestFirst = { IndexName: name, KeyConditionExpression: terms.join(" AND "), ScanIndexForward: false };
    return this.#pages({ ...newestFirst, ...expression.placeholders }, limit);
  }

  asked({ audience, limit }: AskedQuery): Promise<Item[]> {
    const { name, partitionKey } = Table.askedIndex;
    const expression = new Expression();
    const ofAudience = `${expression.name(partitionKey)} = ${expression.value(audience)}`;
    const ofPeople = `begins_with(${expression.name(Table.partitionKey)}, ${expression.value(peopleKey(""))})`;
    const oldestFirst = {
      IndexName: name,
      KeyConditionExpression: ofAudience,
      FilterExpression: ofPeople,
      ScanIndexForward: true,
    };
    return this.#pages({ ...oldestFirst, ...expression.placeholders }, limit);
  }

  /** The items of all pages, or so many of the first. */
  async #pages(query: Omit<QueryCommandInput, "TableName">, limit?: number): Promise<Item[]> {
    const items: Item[] = [];
    let ExclusiveStartKey: Attributes | undefined;
    do {
      const Limit = limit === undefined ? undefined : limit - items.length;
      const command = new QueryCommand({ ...query, TableName: this.table, Limit, ExclusiveStartKey });
      const page = await this.client.send(command);
      items.push(...(page.Items ?? []).map(unmarshal));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined && (limit === undefined || items.length < limit));
    return items;
  }

  /** Some stores do not return the old item with a failed condition, so it is read. */
  async #write(key: Key, send: () => Promise<unknown>): Promise<WriteResult> {
    try {
      await send();
      return { applied: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const current = error.Item === undefined ? await this.get(keyOf(key)) : unmarshal(error.Item);
      return { applied: false, current };
    }
  }
}

const keyOf = ({ pk, sk }: Key) => ({ pk, sk });

/** The first and last millisecond at which runs may have started: DynamoDB takes one condition on a sort key, and looks at both ends. */
function boundsOf({ startedAfter, startedBefore }: Pick<RunsQuery, "startedAfter" | "startedBefore">) {
  const shifted = (time: string, ms: number) => new Date(Date.parse(time) + ms).toISOString();
  return {
    from: startedAfter === undefined ? "0" : shifted(startedAfter, 1),
    to: startedBefore === undefined ? "9999" : shifted(startedBefore, -1),
  };
}

type Conditional = Pick<
  PutItemCommandInput,
  | "ConditionExpression"
  | "ExpressionAttributeNames"
  | "ExpressionAttributeValues"
  | "ReturnValuesOnConditionCheckFailure"
>;

/** Names and values of an expression, under placeholders. */
class Expression {
  readonly #names = new Map<string, string>();
  readonly #values: AttributeValue[] = [];

  name(name: string): string {
    const known = this.#names.get(name) ?? `#n${this.#names.size}`;
    this.#names.set(name, known);
    return known;
  }

  value(value: Attribute): string {
    return `:v${this.#values.push(attribute(value)) - 1}`;
  }

  get placeholders(): Pick<Conditional, "ExpressionAttributeNames" | "ExpressionAttributeValues"> {
    const values = this.#values.map((value, index): [string, AttributeValue] => [`:v${index}`, value]);
    return {
      ExpressionAttributeNames: Object.fromEntries([...this.#names].map(([name, placeholder]) => [placeholder, name])),
      ...(values.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(values) }),
    };
  }
}

/** @param expression of the whole command, complete with what the change needs. */
function conditionOf(condition: Condition | undefined, expression: Expression): Conditional {
  if (condition === undefined) return {};
  const terms =
    condition.kind === "absent"
      ? [`attribute_not_exists(${expression.name(Table.partitionKey)})`]
      : [
          `attribute_exists(${expression.name(Table.partitionKey)})`,
          ...entriesOf(condition.attributes).map(
            ([name, value]) => `${expression.name(name)} = ${expression.value(value)}`,
          ),
          ...(condition.lacks ?? []).map((name) => `attribute_not_exists(${expression.name(name)})`),
          ...entriesOf(condition.atLeast).map(
            ([name, value]) => `${expression.name(name)} >= ${expression.value(value)}`,
          ),
        ];
  return {
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    ConditionExpression: terms.join(" AND "),
    ...expression.placeholders,
  };
}

function changeOf({ set, add, remove = [] }: Change, expression: Expression): string {
  const setting = entriesOf(set).map(([name, value]) => `${expression.name(name)} = ${expression.value(value)}`);
  const adding = entriesOf(add).map(([name, value]) => `${expression.name(name)} ${expression.value(value)}`);
  const removing = remove.map((name) => expression.name(name));
  return [
    ...(setting.length > 0 ? [`SET ${setting.join(", ")}`] : []),
    ...(adding.length > 0 ? [`ADD ${adding.join(", ")}`] : []),
    ...(removing.length > 0 ? [`REMOVE ${removing.join(", ")}`] : []),
  ].join(" ");
}

const entriesOf = <Value>(record: Readonly<Record<string, Value>> = {}) => Object.entries(record);

function attribute(value: Attribute): AttributeValue {
  if (typeof value === "number") return { N: String(value) };
  return typeof value === "boolean" ? { BOOL: value } : { S: value };
}

const marshal = (item: Readonly<Record<string, Attribute>>): Attributes =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [name, attribute(value)]));

function unmarshal(attributes: Attributes): Item {
  const entries = Object.entries(attributes).map(([name, value]): [string, Attribute] => [
    name,
    value.N !== undefined ? Number(value.N) : (value.BOOL ?? value.S ?? ""),
  ]);
  const { pk, sk, ...rest } = Object.fromEntries(entries);
  return { ...rest, pk: String(pk), sk: String(sk) };
}
