import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoRunStore,
  noBlobStore,
  requiredEnvironment,
  s3ClaimStore,
  systemChance,
  systemClock,
} from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import type { BlobStore } from "../../lib/ports/index.ts";
import type { StepPorts } from "../../lib/runtime/index.ts";

/** What a step's function has of AWS. Its leases are its own: no other function instance knows it to be dead. */
export function stepPorts(blobs: BlobStore = noBlobStore): StepPorts {
  const client = new DynamoDBClient({});
  return {
    store: new DynamoRunStore(client, requiredEnvironment(Environment.table)),
    clock: systemClock,
    chance: systemChance,
    blobs,
    claims: {
      folder: requiredEnvironment(Environment.claims),
      blobs: s3ClaimStore({ client, chance: systemChance }),
    },
    owner: { id: randomUUID(), isGone: () => false },
  };
}
