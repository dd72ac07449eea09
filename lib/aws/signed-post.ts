import type { IncomingMessage } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Json, JsonObject } from "../contract/index.ts";
import { bytesOf } from "./s3-request.ts";

/** How a service of AWS is asked that has no client here. */
export interface ServiceAccess {
  /**
   * Whose credentials, region and connections are used. Let it have no socket timeout (`requestHandler: { socketTimeout: 0 }`):
   * its own is five minutes without a word, and a model that thinks says none until it is done.
   */
  readonly client: Pick<DynamoDBClient, "config">;
  /** URL of the service. @default that of the region */
  readonly endpoint?: string | undefined;
}

export type HeaderTexts = Readonly<Record<string, string>>;

export interface Post {
  /** As signatures name the service. */
  readonly service: string;
  /** How its host begins. @default as signatures name it */
  readonly host?: string;
  /** @default that of the client */
  readonly region?: string | undefined;
  readonly path: string;
  readonly headers?: HeaderTexts;
  readonly body: Json;
  readonly signal: AbortSignal;
}

/** An answer of a service, whatever its status. */
export interface Posted {
  readonly host: string;
  readonly statusCode: number;
  readonly headers: HeaderTexts;
  readonly text: string;
}

/** Sends JSON in one signed request, never repeated. @throws what the connection fails with. */
export async function signedPost(access: ServiceAccess, post: Post): Promise<Posted> {
  const { config } = access.client;
  const { credentials, sha256 } = config;
  const { service, path, headers, body, signal } = post;
  const region = post.region ?? (await config.region());
  const signer = new SignatureV4({ service, region, credentials, sha256 });
  const server = new URL(access.endpoint ?? `https://${post.host ?? service}.${region}.${domainOf(region)}`);
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const request = {
    method: "POST",
    protocol: server.protocol,
    hostname: server.hostname,
    ...(server.port === "" ? {} : { port: Number(server.port) }),
    path,
    query: {},
    headers: {
      ...headers,
      host: server.host,
      "content-type": "application/json",
      "content-length": String(bytes.length),
    },
    body: bytes,
  };
  const { response }: Handled = await config.requestHandler.handle(await signer.sign(request), { abortSignal: signal });
  const text = new TextDecoder().decode(await bytesOf(response.body));
  return { host: server.host, statusCode: response.statusCode, headers: response.headers, text };
}

interface Handled {
  readonly response: {
    readonly statusCode: number;
    readonly headers: HeaderTexts;
    readonly body: IncomingMessage;
  };
}

const domainOf = (region: string) => (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");

const LONGEST_MESSAGE = 300;

/** An error answer, under the service's own name and in the shape that the clients of the AWS SDK give it. */
export class ServiceFailure extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: HeaderTexts };

  constructor({ host, statusCode, headers, text }: Posted) {
    const content = objectIn(text) ?? {};
    const said = textOf(content.message) ?? textOf(content.Message) ?? `${host} answered with status ${statusCode}.`;
    super(said.slice(0, LONGEST_MESSAGE));
    // The header has the name of the error first, and after a colon where it is explained.
    const [name = ""] = (headers["x-amzn-errortype"] ?? textOf(content.__type) ?? `Status${statusCode}`).split(":");
    this.name = name.replace(/^.*#/, "");
    this.$metadata = { httpStatusCode: statusCode };
    this.$response = { headers };
  }
}

const textOf = (value: Json | undefined) => (typeof value === "string" && value !== "" ? value : undefined);

/** The object that a JSON text is; undefined of any other text. */
export function objectIn(text: string): JsonObject | undefined {
  try {
    const content: Json = JSON.parse(text);
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? (content as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
