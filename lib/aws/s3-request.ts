import type { IncomingMessage } from "node:http";
import type { Chance } from "../ports/index.ts";
import { escaped } from "./rfc3986.ts";
import { locationOf } from "./s3-uri.ts";
import {
  type AwsClient,
  domainOf,
  type ServiceRequest,
  type ServiceResponse,
  send,
  textOf,
} from "./service-request.ts";

export interface S3Access {
  readonly client: AwsClient;
  readonly chance: Pick<Chance, "random">;
  /** URL of an S3 that has its buckets in the path. @default S3 in the client's region */
  readonly endpoint?: string;
}

interface Exchange<Result> extends Pick<ServiceRequest, "method" | "query" | "headers" | "body"> {
  /** What to make of a success; it is part of the attempt. */
  readonly received: (response: IncomingMessage) => Promise<Result>;
}

const ATTEMPTS = 3;
const LONGEST_PAUSE_MS = 400;
/** 409: another conditional write of the object is under way (Amazon S3 user guide, conditional writes). */
const PASSING_STATUSES: readonly number[] = [409, 429, 500, 502, 503, 504];
const PASSING_CODES: readonly string[] = [
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
  "ETIMEDOUT",
  "EAI_AGAIN",
  "ERR_STREAM_PREMATURE_CLOSE",
];

/** An error answer of S3, under S3's own code and in the shape that the clients of the AWS SDK give it. */
export class S3Failure extends Error {
  readonly $metadata: { readonly httpStatusCode: number; readonly attempts: number };

  /** @param attempts requests until this answer, its own included. */
  constructor(
    override readonly name: string,
    httpStatusCode: number,
    attempts: number,
    message: string,
  ) {
    super(message);
    this.$metadata = { httpStatusCode, attempts };
  }
}

/**
 * Sends a signed request for an object, or for a bucket where the URI names no key, up to three times where S3 is overloaded or the connection breaks.
 *
 * @throws S3Failure
 */
export async function requestObject<Result>(
  { client, chance, endpoint }: S3Access,
  uri: string,
  { received, ...exchange }: Exchange<Result>,
): Promise<Result> {
  const scope = { service: "s3", region: await client.config.region() };
  const request = { ...exchange, ...placeOf(uri, scope.region, endpoint) };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const response = await send(client, request, scope);
      if (response.statusCode >= 300) throw await failureOf(uri, exchange.method, attempt, response);
      return await received(response.body);
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, chance.random() * LONGEST_PAUSE_MS));
    }
  }
}

const pathOf = (key: string) => `/${escaped(key).replaceAll("%2F", "/")}`;

function placeOf(uri: string, region: string, endpoint: string | undefined): { server: URL; path: string } {
  const { Bucket, Key } = locationOf(uri);
  if (endpoint !== undefined) return { server: new URL(endpoint), path: `/${Bucket}${pathOf(Key)}` };
  return { server: new URL(`https://${Bucket}.s3.${region}.${domainOf(region)}`), path: pathOf(Key) };
}

async function failureOf(
  uri: string,
  method: string,
  attempt: number,
  { statusCode, body }: ServiceResponse,
): Promise<S3Failure> {
  const code = /<Code>(\w+)<\/Code>/.exec(await textOf(body))?.[1] ?? `Status${statusCode}`;
  return new S3Failure(code, statusCode, attempt, `${method} ${uri} was answered with status ${statusCode}, ${code}.`);
}

function isPassing(error: unknown): boolean {
  if (error instanceof S3Failure) {
    return PASSING_STATUSES.includes(error.$metadata.httpStatusCode) || error.name === "RequestTimeout";
  }
  return error instanceof Error && "code" in error && PASSING_CODES.includes(String(error.code));
}
