import { SignatureV4 } from "@smithy/signature-v4";
import { ErrorClass, HoldfastError, type Json, type JsonObject } from "../contract/index.ts";
import { type AwsClient, accessOf } from "./aws-access.ts";
import { escaped } from "./rfc3986.ts";

export interface DecideAccess {
  /** The output `DecideApi` of the platform's stack. */
  readonly endpoint: URL;
  /** Whose region and credentials sign the requests, unless there is a token. */
  readonly client: AwsClient;
  /** Of the issuer whose tokens the API takes. */
  readonly token?: string | undefined;
}

/**
 * The decide API of a deployed platform. Answers are as the API gives them.
 *
 * What the API refuses is thrown as Holdfast.Denied under its own code; where API Gateway lets nobody in, the code is
 * `decide-api-forbidden`; whatever else goes wrong has `decide-api-failed`, and may have been done nevertheless.
 */
export interface DecideClient {
  /** The open escalations of some audiences, oldest first. */
  list(audiences: readonly string[]): Promise<Json>;
  /** An escalation and its packet. */
  read(id: string): Promise<Json>;
  /** @returns the escalation as it stands then. */
  decide<Decision extends { readonly id: string }>(decision: Decision): Promise<Json>;
}

interface Request {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly query?: Readonly<Record<string, string[]>>;
  readonly body?: string | undefined;
}

/** Longer than API Gateway waits for a function. */
const TIMEOUT_MS = 35_000;

export function decideClient(access: DecideAccess): DecideClient {
  return {
    list: async (audiences) =>
      (await send(access, { method: "GET", path: "/escalations", query: { audience: [...audiences] } })).escalations ??
      [],
    read: (id) => send(access, { method: "GET", path: pathOf(id) }),
    decide: async ({ id, ...decision }) => {
      const request = { method: "POST", path: `${pathOf(id)}/decision`, body: JSON.stringify(decision) } as const;
      return (await send(access, request)).escalation ?? null;
    },
  };
}

const pathOf = (id: string) => `/escalations/${escaped(id)}`;

async function send(access: DecideAccess, { method, path, query = {}, body }: Request): Promise<JsonObject> {
  const pairs = Object.entries(query).flatMap(([name, values]) => values.map((value) => [name, value]));
  const url = new URL(`${path}?${pairs.map((pair) => pair.map(escaped).join("=")).join("&")}`, access.endpoint);
  const headers = await authorized(access, { method, path: url.pathname, query, body });
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const request: RequestInit = { method, headers, redirect: "error", signal, body: body ?? null };
  const { status, ok, text } = await fetch(url, request)
    .then(async (answer) => ({ status: answer.status, ok: answer.ok, text: await answer.text() }))
    .catch((error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw failed(`${url.host} did not answer: ${why}.`);
    });
  const content = parse(text);
  if (ok && content !== undefined) return content;
  throw refusalOf(access, status, content);
}

/** Headers that say who asks: a token, or a signature of all that is asked. */
async function authorized({ endpoint, client, token }: DecideAccess, { method, path, query = {}, body }: Request) {
  const headers = {
    accept: "application/json",
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  if (token !== undefined) return { ...headers, authorization: `Bearer ${token}` };
  const { sha256 } = client.config;
  const signer = new SignatureV4({ service: "execute-api", ...(await accessOf(client)), sha256 });
  const { protocol, hostname, host } = endpoint;
  const signed = await signer.sign({ method, protocol, hostname, path, query, body, headers: { ...headers, host } });
  return signed.headers;
}

function refusalOf(access: DecideAccess, status: number, content: JsonObject | undefined): HoldfastError {
  const { code, message } = (content?.error ?? {}) as JsonObject;
  if (typeof code === "string" && typeof message === "string") {
    return new HoldfastError(status >= 500 ? ErrorClass.Transient : ErrorClass.Denied, code, message);
  }
  if (status === 401 || status === 403)
    return new HoldfastError(ErrorClass.Denied, "decide-api-forbidden", needed(access));
  return failed(
    `${access.endpoint.host} answered with status ${status}${status === 429 ? ": too many requests" : ""}.`,
  );
}

const needed = ({ endpoint: { host }, token }: DecideAccess) =>
  token === undefined
    ? `${host} does not let you in. Your AWS identity needs execute-api:Invoke on arn:aws:execute-api:*:*:${host.split(".")[0]}/*; where the API takes the tokens of an issuer, sign in there and give your token.`
    : `${host} does not take your token. It may be expired, or of another issuer or audience than the stack names; where the API takes no tokens, leave it out and sign with AWS credentials.`;

const failed = (message: string) => new HoldfastError(ErrorClass.Transient, "decide-api-failed", message);

function parse(text: string): JsonObject | undefined {
  try {
    const content: Json = JSON.parse(text);
    return typeof content === "object" && content !== null && !Array.isArray(content)
      ? (content as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}
