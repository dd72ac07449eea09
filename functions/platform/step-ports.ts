import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoRunStore, noBlobStore, requiredEnvironment, systemClock } from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import type { BlobStore } from "../../lib/ports/index.ts";
import type { StepPorts } from "../../lib/runtime/index.ts";

/** What a step's function has of AWS. Its leases are its own: no other function instance knows it to be dead. */
export const stepPorts = (blobs: BlobStore = noBlobStore): StepPorts => ({
  store: new DynamoRunStore(new DynamoDBClient({}), requiredEnvironment(Environment.table)),
  clock: systemClock,
  blobs,
  owner: { id: randomUUID(), isGone: () => false },
});
