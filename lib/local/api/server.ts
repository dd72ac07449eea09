import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { ErrorClass, HoldfastError } from "../../contract/index.ts";
import type { Chance } from "../../ports/index.ts";
import { type Answer, refusal } from "./answer.ts";
import { ApiError } from "./api-error.ts";

export interface ApiServer {
  /** As in `http://127.0.0.1:8083`. */
  readonly endpoint: string;
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** The request size that Step Functions takes: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_BODY_BYTES = 1024 * 1024;
/** How long a request may take to arrive. */
const REQUEST_TIMEOUT_MS = 30_000;
const ADDRESS = "127.0.0.1";

type Respond = (target: string, body: string) => Promise<Answer>;

/**
 * Serves the AWS JSON protocol on the loopback address. Signatures are not checked: whoever can reach that address may
 * do what the user of this machine may do. Web pages cannot: what they send has a foreign Host, or names no target.
 *
 * @param port 0 for any that is free.
 * @throws Holdfast.InvalidInput when the port cannot be had.
 */
export async function serve(
  respond: Respond,
  { port, chance }: { readonly port: number; readonly chance: Chance },
): Promise<ApiServer> {
  const underWay = new Set<Promise<void>>();
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, async (request, response) => {
    const body = await read(request).catch(senderHasGone);
    if (body === undefined) return;
    const answering = answer(respond, request, body).then((answer) => send(answer, response, chance.uuid()));
    underWay.add(answering);
    void answering.finally(() => underWay.delete(answering));
  });
  await listen(server, port);
  const address = server.address();
  const actual = typeof address === "object" && address !== null ? address.port : port;
  return {
    endpoint: `http://${ADDRESS}:${actual}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all(underWay);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(respond: Respond, request: IncomingMessage, body: Body): Promise<Answer> {
  try {
    requireLocal(request);
    if (request.method !== "POST")
      throw new ApiError("MethodNotAllowedException", `${request.method} is not POST, as every request here.`, 405);
    if (body.bytes > MAX_BODY_BYTES) throw tooLarge(body.bytes);
    const target = request.headers["x-amz-target"];
    return await respond(typeof target === "string" ? target : "", body.text);
  } catch (error) {
    return refusal(error);
  }
}

function send({ status, body }: Answer, response: ServerResponse, requestId: string): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    response.once("close", resolve);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": requestId });
    response.end(JSON.stringify(body));
  });
}

const LOCAL_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/** A page whose name resolves to this machine sends its own name as Host (DNS rebinding). */
function requireLocal({ headers: { host = "" } }: IncomingMessage): void {
  if (LOCAL_HOST.test(host)) return;
  const given = JSON.stringify(host.slice(0, 100));
  throw new ApiError("AccessDeniedException", `Host ${given} is not this machine. Use ${ADDRESS} or localhost.`, 403);
}

interface Body {
  readonly bytes: number;
  /** All of it, if it is not too large. */
  readonly text: string;
}

/** Reads to the end even what is too large: a sender that is cut off never sees why. Keeps no more than the limit. */
async function read(request: IncomingMessage): Promise<Body> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return { bytes, text: Buffer.concat(chunks).toString("utf8") };
}

const senderHasGone = () => undefined;

const tooLarge = (bytes: number) =>
  new ApiError(
    "RequestEntityTooLargeException",
    `The request has ${bytes} bytes; at most ${MAX_BODY_BYTES} are taken.`,
    413,
  );

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const message = `Port ${port} cannot be had: ${error.message}. Name another with --port, or 0 for any that is free.`;
      reject(new HoldfastError(ErrorClass.InvalidInput, "port-unavailable", message));
    });
    server.listen(port, ADDRESS, () => resolve());
  });
}
