import type { Json, JsonObject } from "../contract/index.ts";
import { type Secrets, ToolFailed, type ToolRequest, ToolStatus, type ToolTransport } from "../ports/index.ts";
import { beginning, boundedText } from "./bounded.ts";
import { addQuery, addressOf } from "./http-address.ts";
import { type Credentials, readSecret, scrub, scrubText } from "./secret.ts";

/** An HTTP API as a tool is declared on it. */
export interface HttpEndpoint {
  /** With `{name}` where a property of the input goes. */
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly auth?: Credentials | undefined;
}

export interface HttpPorts {
  readonly secrets: Secrets;
  readonly fetch: typeof fetch;
}

/** Of an answer that is no success, in bytes. */
const SAID_BYTES = 4_000;

/**
 * A tool that is an HTTP API. One request, which follows no redirect. Answers are JSON or text: a text is an output as it
 * is, an empty answer is null.
 */
export const httpTool = ({ secrets, fetch }: HttpPorts, endpoint: HttpEndpoint): ToolTransport => ({
  async call(request) {
    const { auth } = endpoint;
    const secret = auth === undefined ? undefined : await readSecret(secrets, auth.secret);
    const known = secret === undefined ? [] : [secret];
    const { url, init } = requestOf(endpoint, request, secret);
    const response = await fetch(url, init);
    if (response.status >= 300) {
      const said = scrubText(await beginning(response.body, SAID_BYTES), known);
      if (response.status < 400)
        throw new ToolFailed("outputInvalid", "It answers with a redirect, which is not followed.");
      throw new ToolStatus(response.status, response.headers, said);
    }
    return { output: scrub(await outputOf(response, request.maxBytes), known) };
  },
});

function requestOf(
  { url: template, method, headers, auth }: HttpEndpoint,
  { input, idempotencyKey, signal }: ToolRequest,
  secret: string | undefined,
): { readonly url: URL; readonly init: RequestInit } {
  const { url, rest } = addressOf(template, objectOf(input));
  const hasBody = method !== "GET" && method !== "DELETE";
  if (!hasBody) addQuery(url, rest);
  const all = {
    ...headers,
    accept: "application/json",
    "idempotency-key": idempotencyKey,
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...(auth === undefined ? {} : { [auth.header]: `${auth.scheme} ${secret}`.trim() }),
  };
  const body = hasBody ? { body: JSON.stringify(rest) } : {};
  return { url, init: { method, headers: all, redirect: "manual", signal, ...body } };
}

function objectOf(input: Json): JsonObject {
  if (typeof input === "object" && input !== null && !Array.isArray(input)) return input as JsonObject;
  throw new ToolFailed("inputInvalid", "Its input has to be an object.");
}

async function outputOf({ headers, body }: Response, maxBytes: number): Promise<Json> {
  const type = headers.get("content-type") ?? "";
  const text = await boundedText(body, maxBytes);
  if (text === "") return null;
  if (/^text\/plain\b/i.test(type)) return text;
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(type)) {
    throw new ToolFailed("outputInvalid", "It answers with something that is neither JSON nor plain text.");
  }
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new ToolFailed("outputInvalid", "It answers with JSON that cannot be read.");
  }
}
