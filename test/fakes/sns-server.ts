import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** SNS on loopback, as far as publishing goes. */
export async function startSns() {
  const published: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    published.push(new URLSearchParams(Buffer.concat(chunks).toString()).toString().replaceAll("+", " "));
    response.writeHead(200, { "content-type": "text/xml" });
    response.end("<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    /** What was published, as it came over the wire. */
    published,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
