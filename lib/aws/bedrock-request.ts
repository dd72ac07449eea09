import type { IncomingMessage } from "node:http";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SignatureV4 } from "@smithy/signature-v4";
import { ErrorClass, HoldfastError, type Json, type JsonObject } from "../contract/index.ts";
import { escaped } from "./rfc3986.ts";
import { bytesOf } from "./s3-request.ts";

export interface BedrockAccess {
  /**
   * Whose credentials, region and connections are used. Let it have no socket timeout (`requestHandler: { socketTimeout: 0 }`):
   * its own is five minutes without a word, and a model that thinks says none until it is done.
   */
  readonly client: Pick<DynamoDBClient, "config">;
  /** URL of a Bedrock runtime. @default that of the client's region */
  readonly endpoint?: string;
}

type HeaderTexts = Readonly<Record<string, string>>;

const LONGEST_MESSAGE = 300;

/** An error answer of Bedrock, under Bedrock's own name and in the shape that the clients of the AWS SDK give it. */
export class BedrockFailure extends Error {
  readonly $metadata: { readonly httpStatusCode: number };
  readonly $response: { readonly headers: HeaderTexts };

  constructor(
    override readonly name: string,
    httpStatusCode: number,
    message: string,
    headers: HeaderTexts,
  ) {
    super(message);
    this.$metadata = { httpStatusCode };
    this.$response = { headers };
  }
}

/**
 * Asks a model by Converse: one signed request, never repeated.
 *
 * @throws BedrockFailure; Holdfast.Transient with code `model-answer-unreadable` for an answer that is no JSON object
 */
export async function requestConverse(
  { client: { config }, endpoint }: BedrockAccess,
  model: string,
  body: JsonObject,
  signal: AbortSignal,
): Promise<JsonObject> {
  const region = await config.region();
  const { credentials, sha256 } = config;
  const signer = new SignatureV4({ service: "bedrock", region, credentials, sha256 });
  const server = new URL(endpoint ?? `https://bedrock-runtime.${region}.amazonaws.com`);
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const request = {
    method: "POST",
    protocol: server.protocol,
    hostname: server.hostname,
    ...(server.port === "" ? {} : { port: Number(server.port) }),
    path: `/model/${escaped(model)}/converse`,
    query: {},
    headers: { host: server.host, "content-type": "application/json", "content-length": String(bytes.length) },
    body: bytes,
  };
  const { response }: Handled = await config.requestHandler.handle(await signer.sign(request), { abortSignal: signal });
  const text = new TextDecoder().decode(await bytesOf(response.body));
  const content = parse(text);
  if (response.statusCode >= 300) throw failureOf(response, content);
  if (content !== undefined) return content;
  throw new HoldfastError(
    ErrorClass.Transient,
    "model-answer-unreadable",
    `${server.host} answered with status ${response.statusCode} and ${text.length} characters that are no JSON object.`,
  );
}

interface Handled {
  readonly response: {
    readonly statusCode: number;
    readonly headers: HeaderTexts;
    readonly body: IncomingMessage;
  };
}

function failureOf({ statusCode, headers }: Handled["response"], content: JsonObject = {}): BedrockFailure {
  // The header has the name of the error first, and after a colon where it is explained.
  const [name = ""] = (headers["x-amzn-errortype"] ?? text(content.__type) ?? `Status${statusCode}`).split(":");
  const said = text(content.message) ?? text(content.Message) ?? `Bedrock answered with status ${statusCode}.`;
  return new BedrockFailure(name.replace(/^.*#/, ""), statusCode, said.slice(0, LONGEST_MESSAGE), headers);
}

const text = (value: Json | undefined) => (typeof value === "string" && value !== "" ? value : undefined);

function parse(said: string): JsonObject | undefined {
  try {
    const content: Json = JSON.parse(said);
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? (content as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
