import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import { Table } from "../lib/contract/index.ts";

/** A request as it came over the wire. */
export interface DynamoRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A DynamoDB server on loopback with an empty runs table. `requests` holds what it was asked, in order. */
export async function startDynalite() {
  const server = dynalite({ createTableMs: 0 });
  const requests: DynamoRequest[] = [];
  server.on("request", (request: IncomingMessage) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const operation = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
      requests.push({ operation, body: JSON.parse(Buffer.concat(chunks).toString()) });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const table = "runs";
  const { runsIndex, askedIndex } = Table;
  const keys = [Table, runsIndex, askedIndex].flatMap((index) => [index.partitionKey, index.sortKey]);
  const keySchema = (index: { readonly partitionKey: string; readonly sortKey: string }) => [
    { AttributeName: index.partitionKey, KeyType: "HASH" as const },
    { AttributeName: index.sortKey, KeyType: "RANGE" as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keySchema(Table),
      GlobalSecondaryIndexes: [
        { IndexName: runsIndex.name, KeySchema: keySchema(runsIndex), Projection: { ProjectionType: "ALL" } },
        {
          IndexName: askedIndex.name,
          KeySchema: keySchema(askedIndex),
          Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: [...askedIndex.projected] },
        },
      ],
    }),
  );
  const stop = async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  requests.length = 0;
  return { client, table, requests, stop };
}
