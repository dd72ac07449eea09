import type { IncomingMessage } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";

/** A client of the AWS SDK, of which region, credentials and connections are used. */
export interface AwsClient {
  readonly config: Pick<DynamoDBClient["config"], "region" | "credentials" | "sha256"> & {
    readonly requestHandler: {
      handle(
        request: object,
        options: { abortSignal?: AbortSignal | undefined },
      ): Promise<{ response: ServiceResponse }>;
    };
  };
}

export type HeaderTexts = Readonly<Record<string, string>>;

export interface ServiceRequest {
  readonly method: "GET" | "POST" | "PUT";
  /** Of which nothing but the origin is used. */
  readonly server: URL;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | string[]>>;
  readonly headers?: HeaderTexts;
  readonly body?: Uint8Array | undefined;
  readonly signal?: AbortSignal;
}

/** What a signature is for: the service as signatures name it, and where it is. */
export interface Scope {
  readonly service: string;
  readonly region: string;
}

export interface ServiceResponse {
  readonly statusCode: number;
  readonly headers: HeaderTexts;
  readonly body: IncomingMessage;
}

/**
 * Sends one request over the connections of a client, never repeated. Redirects are not followed.
 *
 * @param scope of the signature; absent where the headers say already who asks.
 * @throws what the connection fails with
 */
export async function send(
  { config: { credentials, sha256, requestHandler } }: AwsClient,
  { server, signal, ...request }: ServiceRequest,
  scope?: Scope,
): Promise<ServiceResponse> {
  const { protocol, hostname, host, port } = server;
  const length = request.body === undefined ? {} : { "content-length": String(request.body.length) };
  const unsigned = {
    query: {},
    ...request,
    protocol,
    hostname,
    ...(port === "" ? {} : { port: Number(port) }),
    headers: { ...request.headers, host, ...length },
  };
  // S3 alone signs paths as they are.
  const signer = scope && new SignatureV4({ ...scope, credentials, sha256, uriEscapePath: scope.service !== "s3" });
  const sent = signer === undefined ? unsigned : await signer.sign(unsigned);
  const { response } = await requestHandler.handle(sent, { abortSignal: signal });
  return response;
}

/** The whole of a response. */
export async function bytesOf(body: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const textOf = async (body: IncomingMessage): Promise<string> => new TextDecoder().decode(await bytesOf(body));

export const domainOf = (region: string) => (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");
