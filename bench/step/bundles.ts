import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { loadAgents } from "../../lib/definition/index.ts";
import { agentEntries, bundle, type Entries } from "../../lib/infra/index.ts";

/** DESIGN: a step's bundle stays within 560 KB, of 1000 bytes each. */
export const LIMIT_BYTES = 560_000;

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const BARE = "bare/handler";

/** What a handler looks like without Holdfast: logs, traces and metrics as the documentation of Powertools has them, and one write. */
const BARE_HANDLER = `
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";

const logger = new Logger({ serviceName: "bare" });
const metrics = new Metrics({ serviceName: "bare", namespace: "bare" });
const tracer = new Tracer({ serviceName: "bare" });
const client = tracer.captureAWSv3Client(new DynamoDBClient({}));

export const handler = async ({ id }, context) => {
  logger.addContext(context);
  await client.send(new PutItemCommand({ TableName: process.env.HOLDFAST_TABLE, Item: { pk: { S: id }, sk: { S: "RUN" } } }));
  logger.info("written", { id });
  metrics.addMetric("written", MetricUnit.Count, 1);
  metrics.publishStoredMetrics();
  return { id };
};
`;

export interface Bundle {
  readonly name: string;
  /** Where its module lies. */
  readonly file: string;
  readonly bytes: number;
}

export interface Bundles {
  /** With Powertools and the DynamoDB client, and without Holdfast. */
  readonly bare: Bundle;
  /** What the example agents deploy for their steps. */
  readonly steps: readonly Bundle[];
}

/** Bundles the steps of the example agents as they are deployed, and a bare handler likewise. @param directory replaced as a whole. */
export async function bundleSteps(directory: string): Promise<Bundles> {
  const entries: Entries = Object.assign({ [BARE]: BARE_HANDLER }, ...(await loadAgents(PROJECT)).map(agentEntries));
  await bundle(entries, directory);
  const bundled = async (name: string): Promise<Bundle> => {
    const file = join(directory, name, "index.mjs");
    return { name, file, bytes: (await readFile(file)).length };
  };
  const steps = Object.keys(entries).filter((key) => /\/(step|undo)_/.test(key));
  return { bare: await bundled(BARE), steps: await Promise.all(steps.map(bundled)) };
}

/**
 * The measurement of the overhead, bundled like a function: what runs bundles here lets every function keep its name, which
 * takes time that a deployed function does not take.
 *
 * @param directory replaced as a whole.
 */
export async function loadOverhead(directory: string): Promise<typeof import("./overhead.ts")> {
  const source = fileURLToPath(new URL("overhead.ts", import.meta.url));
  await bundle({ overhead: `export * from ${JSON.stringify(source)};` }, directory);
  return import(pathToFileURL(join(directory, "overhead", "index.mjs")).href);
}
