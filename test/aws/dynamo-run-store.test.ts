import { afterAll } from "vitest";
import { DynamoRunStore } from "../../lib/aws/index.ts";
import { runStoreConformance } from "../conformance/run-store.ts";
import { startDynalite } from "../dynalite.ts";

const { client, table, stop } = await startDynalite();
afterAll(stop);

runStoreConformance("DynamoDB over the wire", async () => new DynamoRunStore(client, table));
