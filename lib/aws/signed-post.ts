import { type Json, parseObject } from "../contract/index.ts";
import { type AwsClient, domainOf, type HeaderTexts, send, textOf } from "./service-request.ts";

/** How a service of AWS is asked that has no client here. */
export interface ServiceAccess {
  /**
   * Let it have no socket timeout (`requestHandler: { socketTimeout: 0 }`): its own is five minutes without a word, and a
   * model that thinks says none until it is done.
   */
  readonly client: AwsClient;
  /** URL of the service. @default that of the region */
  readonly endpoint?: string | undefined;
}

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
  const { service, path, signal } = post;
  const region = post.region ?? (await access.client.config.region());
  const server = new URL(access.endpoint ?? `https://${post.host ?? service}.${region}.${domainOf(region)}`);
  const headers = { ...post.headers, "content-type": "application/json" };
  const body = new TextEncoder().encode(JSON.stringify(post.body));
  const response = await send(
    access.client,
    { method: "POST", server, path, headers, body, signal },
    { service, region },
  );
  const { statusCode } = response;
  return { host: server.host, statusCode, headers: response.headers, text: await textOf(response.body) };
}

/** Names and ids as they are, nothing that somebody might have written into them. */
const WORD = /^[\w-]{1,64}$/;

/** What a service calls its error: in a header, before a colon where it is explained, or in the body, after its namespace. */
export function errorNameOf({ headers, text }: Posted): string | undefined {
  const { __type: type } = parseObject(text) ?? {};
  const [given = ""] = (headers["x-amzn-errortype"] ?? (typeof type === "string" ? type : "")).split(":");
  return wordIn(given.replace(/^.*#/, ""));
}

/**
 * An error answer, under the service's own name and in the shape that the clients of the AWS SDK give it, but without its
 * text: that may quote what was sent.
 *
 * @param fix what the reader should do.
 */
export class ServiceFailure extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number; readonly requestId: string | undefined };
  readonly $response: { readonly headers: HeaderTexts };

  constructor(posted: Posted, fix?: string) {
    const { host, statusCode, headers } = posted;
    const name = errorNameOf(posted);
    const requestId = wordIn(headers["x-amzn-requestid"]);
    const told = [`status ${statusCode}`, name ?? [], requestId === undefined ? [] : `request ${requestId}`].flat();
    super([`${host} answered with ${told.join(", ")}.`, fix ?? []].flat().join(" "));
    this.name = name ?? `Status${statusCode}`;
    this.$metadata = { httpStatusCode: statusCode, requestId };
    this.$response = { headers };
  }
}

const wordIn = (text = "") => (WORD.test(text) ? text : undefined);
