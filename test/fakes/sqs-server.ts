import { createHash } from "node:crypto";
import { startServer } from "./loopback-server.ts";

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
  const server = await startServer((request, response, body) => {
    const message: SentMessage = JSON.parse(body.toString());
    const isSend = request.headers["x-amz-target"] === "AmazonSQS.SendMessage";
    const answer = (status: number, said: object) =>
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(said));
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
  return { ...server, queueUrl: `${server.endpoint}/111122223333/dead-letters`, sent, state };
}
