import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";

async function opened(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

const closed = (server: Server) => new Promise((resolve) => server.close(resolve));

/** A port of this machine at which nobody listens. */
export async function deafPort(): Promise<number> {
  const server = createTcpServer();
  const port = await opened(server);
  await closed(server);
  return port;
}

/** Calls a server that answers every request so, and closes it. */
export async function withServer<Result>(
  answer: RequestListener,
  call: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer(answer);
  const port = await opened(server);
  try {
    return await call(`http://127.0.0.1:${port}`);
  } finally {
    server.closeAllConnections();
    await closed(server);
  }
}

export const answering =
  (status: number, body: string, headers: Readonly<Record<string, string>> = {}): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, headers);
    response.end(body);
  };
