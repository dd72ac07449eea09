import { isObject, type Json, type JsonObject, parseJson } from "../contract/index.ts";
import {
  type Fetch,
  type Secrets,
  ToolFailed,
  type ToolRequest,
  ToolStatus,
  type ToolTransport,
} from "../ports/index.ts";
import { boundedText } from "./bounded.ts";
import { addQuery, addressOf } from "./http-address.ts";
import { said } from "./said.ts";
import { type Credentials, type Sealed, scrub, sealed } from "./secret.ts";

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
  readonly fetch: Fetch;
}

/**
 * A tool that is an HTTP API. One request, which follows no redirect. Answers are JSON or text: a text is an output as it
 * is, an empty answer is null.
 */
export const httpTool = ({ secrets, fetch }: HttpPorts, endpoint: HttpEndpoint): ToolTransport => ({
  async call(request) {
    const credentials = await sealed(secrets, endpoint.auth);
    const { url, init } = requestOf(endpoint, request, credentials);
    const response = await fetch(url, init);
    if (response.status >= 300) {
      const words = await said(response.body, credentials.secrets);
      if (response.status < 400)
        throw new ToolFailed("outputInvalid", "It answers with a redirect, which is not followed.");
      throw new ToolStatus(response.status, response.headers, words);
    }
    return { output: scrub(await outputOf(response, request.maxBytes), credentials.secrets) };
  },
});

function requestOf(
  { url: template, method, headers }: HttpEndpoint,
  { input, idempotencyKey, signal }: ToolRequest,
  credentials: Sealed,
): { readonly url: URL; readonly init: RequestInit } {
  const { url, rest } = addressOf(template, objectIn(input));
  const hasBody = method !== "GET" && method !== "DELETE";
  if (!hasBody) addQuery(url, rest);
  const all = {
    ...headers,
    accept: "application/json",
    "idempotency-key": idempotencyKey,
    ...(hasBody ? { "content-type": "application/json" } : {}),
    ...credentials.headers,
  };
  const body = hasBody ? { body: JSON.stringify(rest) } : {};
  return { url, init: { method, headers: all, redirect: "manual", signal, ...body } };
}

function objectIn(input: Json): JsonObject {
  if (isObject(input)) return input;
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
  const output = parseJson(text);
  if (output !== undefined) return output;
  throw new ToolFailed("outputInvalid", "It answers with JSON that cannot be read.");
}
