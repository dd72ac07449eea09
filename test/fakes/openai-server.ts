import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "../../lib/contract/index.ts";

export interface OpenAiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: JsonObject | string;
}

/** An API of chat completions on loopback: it answers as it was told, in that order. */
export async function startOpenAi(key: string) {
  const next: (OpenAiAnswer | "broken" | "silent")[] = [];
  const received: JsonObject[] = [];

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    received.push(JSON.parse(Buffer.concat(chunks).toString()));
    const say = ({ status, headers, body }: OpenAiAnswer) =>
      void response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(typeof body === "string" ? body : JSON.stringify(body));
    if (request.method !== "POST" || request.url !== "/v1/chat/completions") return say({ status: 404, body: {} });
    if (request.headers.authorization !== `Bearer ${key}`) {
      const said = `Incorrect API key provided: ${request.headers.authorization}.`;
      return say({
        status: 401,
        body: { error: { message: said, type: "invalid_request_error", code: "invalid_api_key" } },
      });
    }
    const found = next.shift() ?? { status: 500, body: {} };
    if (found === "silent") return;
    if (found === "broken") return void request.socket.destroy();
    return say(found);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    next,
    received,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
