import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoRunStore, requiredEnvironment, systemChance, systemClock } from "../../lib/aws/index.ts";
import { Environment } from "../../lib/contract/index.ts";
import { observers, tracer } from "./observers.ts";

/** What every function of the platform has of AWS; each adds what it alone needs. */
export const basePorts = () => ({
  store: new DynamoRunStore(tracer.captureAwsClient(new DynamoDBClient({})), requiredEnvironment(Environment.table)),
  clock: systemClock,
  chance: systemChance,
  metrics: observers.metrics,
});
