import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoRunStore, requiredEnvironment, systemChance, systemClock } from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";

/** What every function of the platform has of AWS; each adds what it alone needs. */
export const basePorts = () => ({
  store: new DynamoRunStore(new DynamoDBClient({}), requiredEnvironment(Environment.table)),
  clock: systemClock,
  chance: systemChance,
});
