import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoRunStore,
  noBlobStore,
  requiredEnvironment,
  s3BlobStore,
  systemChance,
  systemClock,
} from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import type { StepPorts } from "../../lib/runtime/index.ts";
import { tracer } from "./observers.ts";

/**
 * What a step's function has of AWS. Its leases are its own: no other function instance knows it to be dead.
 *
 * @param hasBucket whether the step declares a bucket, and so may reach objects.
 */
export function stepPorts(hasBucket: boolean): StepPorts {
  const client = tracer.captureAwsClient(new DynamoDBClient({}));
  const objects = s3BlobStore({ client, chance: systemChance });
  return {
    store: new DynamoRunStore(client, requiredEnvironment(Environment.table)),
    clock: systemClock,
    chance: systemChance,
    blobs: hasBucket ? objects : noBlobStore,
    claims: { folder: requiredEnvironment(Environment.claims), blobs: objects },
    owner: { id: randomUUID(), isGone: () => false },
  };
}
