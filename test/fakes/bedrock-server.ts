import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../lib/contract/index.ts";
import { signatureProblem } from "./s3-signature.ts";

export const BEDROCK_CREDENTIALS = { accessKeyId: "nobody", secretAccessKey: "may-know-this" };

export interface BedrockAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject | string;
}

/** A request to Bedrock and its answer, as they go over the wire. */
export interface Exchange {
  readonly request: { readonly path: string; readonly body: JsonObject };
  readonly response: BedrockAnswer;
}

/** What becomes of a request otherwise: the connection breaks, or nothing comes, or half of an answer and no more. */
export type Trouble = "broken" | "silent" | "half";

/** An exchange of the folder `bedrock`, by its name. */
export const exchange = (name: string): Exchange =>
  JSON.parse(readFileSync(new URL(`bedrock/${name}.json`, import.meta.url), "utf8"));

/**
 * A Bedrock runtime on loopback, for whoever signs his requests well. It answers a request that it knows from an exchange
 * as that tells, and refuses others as Bedrock refuses what it does not understand.
 */
export async function startBedrock(exchanges: readonly Exchange[] = []) {
  /** In store for the next requests, whatever they ask. */
  const next: (BedrockAnswer | Trouble)[] = [];
  const received: { readonly path: string; readonly body: JsonObject; readonly text: string }[] = [];

  const answerTo = (path: string, body: JsonObject): BedrockAnswer | Trouble =>
    next.shift() ??
    exchanges.find(({ request }) => request.path === path && isDeepStrictEqual(request.body, body))?.response ??
    failure("ValidationException", 400, "No exchange is known for this request.");

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    const problem = signatureProblem(request, bytes, BEDROCK_CREDENTIALS.secretAccessKey, "bedrock");
    const path = request.url ?? "";
    const text = bytes.toString();
    const body: JsonObject = JSON.parse(text);
    received.push({ path, body, text });
    const found = problem === undefined ? answerTo(path, body) : failure(problem, 403, "The signature does not match.");
    if (found === "silent") return;
    if (found === "broken") return void request.socket.destroy();
    if (found === "half") return void response.writeHead(200, { "content-length": 100 }).write('{"output":');
    const headers = { "content-type": "application/json", "x-amzn-requestid": "4fd1e2a0", ...found.headers };
    response
      .writeHead(found.status, headers)
      .end(typeof found.body === "string" ? found.body : JSON.stringify(found.body));
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    next,
    received,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error of Bedrock, by its name. */
export const failure = (name: string, status: number, message: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "x-amzn-errortype": `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`, ...headers },
  body: { message },
});
