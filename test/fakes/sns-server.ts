import { startServer } from "./loopback-server.ts";

/** SNS on loopback, as far as publishing goes. */
export async function startSns() {
  const published: string[] = [];
  const server = await startServer((_, response, body) => {
    published.push(new URLSearchParams(body.toString()).toString().replaceAll("+", " "));
    response.writeHead(200, { "content-type": "text/xml" });
    response.end("<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>");
  });
  return {
    ...server,
    /** What was published, as it came over the wire. */
    published,
  };
}
