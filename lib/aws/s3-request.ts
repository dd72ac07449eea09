import type { IncomingMessage } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Chance } from "../ports/index.ts";
import { escaped } from "./rfc3986.ts";
import { locationOf } from "./s3-uri.ts";

export interface S3Access {
  /** Whose credentials, region and connections are used. */
  readonly client: Pick<DynamoDBClient, "config">;
  readonly chance: Pick<Chance, "random">;
  /** URL of an S3 that has its buckets in the path. @default S3 in the client's region */
  readonly endpoint?: string;
}

interface Exchange<Result> {
  readonly method: "GET" | "PUT";
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
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
  { client: { config }, chance, endpoint }: S3Access,
  uri: string,
  { method, query = {}, headers, body, received }: Exchange<Result>,
): Promise<Result> {
  const region = await config.region();
  const { credentials, sha256 } = config;
  const signer = new SignatureV4({ service: "s3", region, credentials, sha256, uriEscapePath: false });
  const { server, path } = placeOf(uri, region, endpoint);
  const request = {
    method,
    protocol: server.protocol,
    hostname: server.hostname,
    ...(server.port === "" ? {} : { port: Number(server.port) }),
    path,
    query,
    headers: {
      host: server.host,
      ...headers,
      ...(body === undefined ? {} : { "content-length": String(body.length) }),
    },
    body,
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { response }: Handled = await config.requestHandler.handle(await signer.sign(request));
      if (response.statusCode >= 300) throw await failureOf(uri, method, attempt, response);
      return await received(response.body);
    } catch (error) {
      if (attempt === ATTEMPTS || !isPassing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, chance.random() * LONGEST_PAUSE_MS));
    }
  }
}

interface Handled {
  readonly response: { readonly statusCode: number; readonly body: IncomingMessage };
}

/** The whole of a response. */
export async function bytesOf(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const pathOf = (key: string) => `/${escaped(key).replaceAll("%2F", "/")}`;

function placeOf(uri: string, region: string, endpoint: string | undefined): { server: URL; path: string } {
  const { Bucket, Key } = locationOf(uri);
  if (endpoint !== undefined) return { server: new URL(endpoint), path: `/${Bucket}${pathOf(Key)}` };
  const suffix = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return { server: new URL(`https://${Bucket}.s3.${region}.${suffix}`), path: pathOf(Key) };
}

async function failureOf(
  uri: string,
  method: string,
  attempt: number,
  { statusCode, body }: Handled["response"],
): Promise<S3Failure> {
  const text = new TextDecoder().decode(await bytesOf(body));
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? `Status${statusCode}`;
  return new S3Failure(code, statusCode, attempt, `${method} ${uri} was answered with status ${statusCode}, ${code}.`);
}

function isPassing(error: unknown): boolean {
  if (error instanceof S3Failure) {
    return PASSING_STATUSES.includes(error.$metadata.httpStatusCode) || error.name === "RequestTimeout";
  }
  return error instanceof Error && "code" in error && PASSING_CODES.includes(String(error.code));
}
