import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { agentStatus, Table } from "../contract/index.ts";
import type { Attribute, Condition, Item, Key, RunStore, RunsQuery, WriteResult } from "../ports/index.ts";

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
    const command = new PutItemCommand({ TableName: this.table, Item: marshal(item), ...conditionOf(condition) });
    return this.#write(item, () => this.client.send(command));
  }

  update(key: Key, set: Readonly<Record<string, Attribute>>, condition: Condition): Promise<WriteResult> {
    const names = Object.keys(set);
    const { ExpressionAttributeNames, ExpressionAttributeValues, ...rest } = conditionOf(condition);
    const command = new UpdateItemCommand({
      TableName: this.table,
      Key: marshal(keyOf(key)),
      UpdateExpression: `SET ${names.map((_, index) => `#s${index} = :s${index}`).join(", ")}`,
      ...rest,
      ExpressionAttributeNames: {
        ...ExpressionAttributeNames,
        ...Object.fromEntries(names.map((name, index) => [`#s${index}`, name])),
      },
      ExpressionAttributeValues: {
        ...ExpressionAttributeValues,
        ...Object.fromEntries(names.map((name, index) => [`:s${index}`, attribute(set[name])])),
      },
    });
    return this.#write(key, () => this.client.send(command));
  }

  async query(pk: string, prefix: string): Promise<Item[]> {
    const items: Item[] = [];
    let ExclusiveStartKey: Attributes | undefined;
    do {
      const page = await this.client.send(
        new QueryCommand({
          TableName: this.table,
          ConsistentRead: true,
          KeyConditionExpression: "#pk = :pk AND begins_with(#sk, :prefix)",
          ExpressionAttributeNames: { "#pk": Table.partitionKey, "#sk": Table.sortKey },
          ExpressionAttributeValues: { ":pk": { S: pk }, ":prefix": { S: prefix } },
          ExclusiveStartKey,
        }),
      );
      items.push(...(page.Items ?? []).map(unmarshal));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey !== undefined);
    return items;
  }

  async runs({ agent, status, limit }: RunsQuery): Promise<Item[]> {
    const page = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        IndexName: Table.runsIndex.name,
        KeyConditionExpression: "#status = :status",
        ExpressionAttributeNames: { "#status": Table.runsIndex.partitionKey },
        ExpressionAttributeValues: { ":status": { S: agentStatus(agent, status) } },
        ScanIndexForward: false,
        Limit: limit,
      }),
    );
    return (page.Items ?? []).map(unmarshal);
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

type Conditional = Pick<
  PutItemCommandInput,
  | "ConditionExpression"
  | "ExpressionAttributeNames"
  | "ExpressionAttributeValues"
  | "ReturnValuesOnConditionCheckFailure"
>;

function conditionOf(condition: Condition | undefined): Conditional {
  if (condition === undefined) return {};
  const returned = { ReturnValuesOnConditionCheckFailure: "ALL_OLD" } as const;
  if (condition.kind === "absent") {
    return {
      ...returned,
      ConditionExpression: "attribute_not_exists(#pk)",
      ExpressionAttributeNames: { "#pk": Table.partitionKey },
    };
  }
  const names = Object.keys(condition.attributes);
  return {
    ...returned,
    ConditionExpression: names.map((_, index) => `#c${index} = :c${index}`).join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#c${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      names.map((name, index) => [`:c${index}`, attribute(condition.attributes[name])]),
    ),
  };
}

function attribute(value: Attribute | undefined): AttributeValue {
  if (typeof value === "number") return { N: String(value) };
  return typeof value === "boolean" ? { BOOL: value } : { S: value ?? "" };
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
