import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request of which all has arrived. */
export type Answer = (request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown;

/** An HTTP server on loopback, at a port of its own. Where it fails to answer, the connection breaks. */
export async function startServer(answer: Answer) {
  const answered = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    await answer(request, response, Buffer.concat(chunks));
  };
  const server = createServer((request, response) => {
    answered(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
