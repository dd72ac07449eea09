import type { IncomingMessage } from "node:http";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import type { HttpApiEvent } from "../../lib/aws/index.ts";
import { startServer } from "./loopback-server.ts";
import { signatureProblem } from "./signature.ts";

type Authorizer = NonNullable<HttpApiEvent["requestContext"]["authorizer"]>;

export interface HttpApi {
  /** Whom signatures are taken of: secret and ARN by access key. */
  readonly signers?: Readonly<Record<string, { readonly secretAccessKey: string; readonly userArn: string }>>;
  /** The claims of the tokens that are taken. */
  readonly tokens?: Readonly<Record<string, NonNullable<Authorizer["jwt"]>["claims"]>>;
  readonly handler: (event: HttpApiEvent) => Promise<APIGatewayProxyStructuredResultV2>;
}

const ROUTES = [/^GET \/escalations$/, /^GET \/escalations\/[^/]+$/, /^POST \/escalations\/[^/]+\/decision$/];

/** An HTTP API of API Gateway on loopback, in front of a function, whose routes ask an authorizer: signatures or tokens. */
export async function startHttpApi(api: HttpApi) {
  const events: HttpApiEvent[] = [];

  const server = await startServer(async (request, response, body) => {
    const say = (status: number, message: string) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
    const [rawPath = "", rawQueryString = ""] = (request.url ?? "").split("?");
    if (!ROUTES.some((route) => route.test(`${request.method} ${rawPath}`))) return say(404, "Not Found");
    const authorizer = api.tokens === undefined ? signerOf(api, request, body) : ownerOf(api, request);
    if (authorizer === undefined) return api.tokens === undefined ? say(403, "Forbidden") : say(401, "Unauthorized");
    const event: HttpApiEvent = {
      rawPath,
      rawQueryString,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      ...(body.length === 0 ? {} : { body: body.toString("base64") }),
      isBase64Encoded: body.length > 0,
      requestContext: {
        http: { method: request.method ?? "", sourceIp: request.socket.remoteAddress ?? "" },
        authorizer,
      },
    };
    events.push(event);
    const { statusCode = 500, headers = {}, body: text } = await api.handler(event);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
    return response.writeHead(statusCode).end(text);
  });
  return {
    endpoint: new URL(server.endpoint),
    /** What the function was invoked with, in order. */
    events,
    stop: server.stop,
  };
}

function signerOf({ signers = {} }: HttpApi, request: IncomingMessage, body: Uint8Array): Authorizer | undefined {
  const accessKey = /Credential=([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
  const signer = signers[accessKey];
  const isSigned =
    signer !== undefined && signatureProblem(request, body, signer.secretAccessKey, "execute-api") === undefined;
  return isSigned ? { iam: { userArn: signer.userArn } } : undefined;
}

function ownerOf({ tokens = {} }: HttpApi, request: IncomingMessage): Authorizer | undefined {
  const claims = tokens[/^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1] ?? ""];
  return claims === undefined ? undefined : { jwt: { claims } };
}
