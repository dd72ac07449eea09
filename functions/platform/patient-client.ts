import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/** Whose connections are not cut while nothing is said: a model may think, and a function work, for minutes. */
export const patientClient = new DynamoDBClient({ requestHandler: { socketTimeout: 0 } });
