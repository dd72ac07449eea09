import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { sqsDeadLetters } from "../../lib/aws/index.ts";
import { ErrorClass } from "../../lib/contract/index.ts";
import { startSqs } from "../fakes/sqs-server.ts";

const server = await startSqs();
const client = new SQSClient({
  endpoint: server.endpoint,
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  maxAttempts: 1,
});
const deadLetters = sqsDeadLetters(client, server.queueUrl);
afterAll(async () => {
  client.destroy();
  await server.stop();
});
beforeEach(() => {
  server.sent.length = 0;
  server.state.refuses = false;
});

const letter = (message = "Not an event.") => ({
  agent: "desk",
  messageId: "m-1",
  body: "{ ü",
  reason: { name: ErrorClass.InvalidInput, code: "event-not-json", message },
});
const text = (StringValue: string) => ({ DataType: "String", StringValue });

describe("a dead letter", () => {
  it("is the message as it came, with the reason as attributes", async () => {
    await deadLetters.keep(letter());
    expect(server.sent).toEqual([
      {
        QueueUrl: server.queueUrl,
        MessageBody: "{ ü",
        MessageAttributes: {
          agent: text("desk"),
          messageId: text("m-1"),
          errorClass: text("Holdfast.InvalidInput"),
          code: text("event-not-json"),
          message: text("Not an event."),
        },
      },
    ]);
  });

  it("tells a reason that SQS takes, whatever is in it", async () => {
    await deadLetters.keep(letter(`a\u0000b\ud800c${"x".repeat(2_000)}`));
    const said = server.sent[0]?.MessageAttributes.message?.StringValue;
    expect(said).toBe(`a\ufffdb\ufffdc${"x".repeat(995)}`);
  });

  it("that the queue refuses is not kept, and its sender is told", async () => {
    server.state.refuses = true;
    await expect(deadLetters.keep(letter())).rejects.toThrow("Not you.");
  });
});
