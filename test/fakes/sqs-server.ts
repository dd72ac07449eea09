import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A message as SQS was given it. */
export interface SentMessage {
  readonly QueueUrl: string;
  readonly MessageBody: string;
  readonly MessageAttributes: Readonly<Record<string, { readonly DataType: string; readonly StringValue: string }>>;
}

/** SQS on loopback, as far as sending goes. While `refuses` is set, it denies. */
export async function startSqs() {
  const sent: SentMessage[] = [];
  const state = { refuses: false };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const message: SentMessage = JSON.parse(Buffer.concat(chunks).toString());
    const isSend = request.headers["x-amz-target"] === "AmazonSQS.SendMessage";
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
    if (state.refuses || !isSend) {
      answer(400, { __type: "com.amazonaws.sqs#AccessDeniedException", message: "Not you." });
      return;
    }
    sent.push(message);
    answer(200, {
      MessageId: String(sent.length),
      MD5OfMessageBody: createHash("md5").update(message.MessageBody).digest("hex"),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    queueUrl: `${endpoint}/111122223333/dead-letters`,
    sent,
    state,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
