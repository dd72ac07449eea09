import { ErrorClass, HoldfastError, type Json, type JsonObject, objectOf, parseObject } from "../contract/index.ts";
import { accessOf } from "./aws-access.ts";
import { escaped } from "./rfc3986.ts";
import { type AwsClient, type ServiceRequest, send, textOf } from "./service-request.ts";

export interface DecideAccess {
  /** The output `DecideApi` of the platform's stack. */
  readonly endpoint: URL;
  /** Over whose connections is asked; its region and credentials sign the requests, unless there is a token. */
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

/** Longer than API Gateway waits for a function. */
const TIMEOUT_MS = 35_000;

export function decideClient(access: DecideAccess): DecideClient {
  return {
    list: async (audiences) =>
      (await ask(access, { method: "GET", path: "/escalations", query: { audience: [...audiences] } })).escalations ??
      [],
    read: (id) => ask(access, { method: "GET", path: pathOf(id) }),
    decide: async ({ id, ...decision }) => {
      const body = new TextEncoder().encode(JSON.stringify(decision));
      return (await ask(access, { method: "POST", path: `${pathOf(id)}/decision`, body })).escalation ?? null;
    },
  };
}

const pathOf = (id: string) => `/escalations/${escaped(id)}`;

async function ask(access: DecideAccess, request: Omit<ServiceRequest, "server">): Promise<JsonObject> {
  const { endpoint, client, token } = access;
  const headers = {
    accept: "application/json",
    ...(request.body === undefined ? {} : { "content-type": "application/json" }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const scope = token === undefined ? { service: "execute-api", region: (await accessOf(client)).region } : undefined;
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const { status, text } = await send(client, { ...request, server: endpoint, headers, signal }, scope)
    .then(async ({ statusCode, body }) => ({ status: statusCode, text: await textOf(body) }))
    .catch((error: Error) => {
      const why = error.cause instanceof Error ? error.cause.message : error.message;
      throw failed(`${endpoint.host} did not answer: ${why}.`);
    });
  const content = parseObject(text);
  if (status < 300 && content !== undefined) return content;
  throw refusalOf(access, status, content);
}

function refusalOf(access: DecideAccess, status: number, content: JsonObject | undefined): HoldfastError {
  const { code, message } = objectOf(content?.error);
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
