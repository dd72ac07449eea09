import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { DeadLetters } from "../ports/index.ts";

const LONGEST = 1_000;

/**
 * Dead letters in an SQS queue: the body as it came, and as message attributes `agent`, `messageId` (of the message as it first
 * came), `errorClass`, `code` and `message`.
 */
export const sqsDeadLetters = (client: SQSClient, queueUrl: string): DeadLetters => ({
  async keep({ agent, messageId, body, reason }) {
    const { name: errorClass, code, message } = reason;
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: body,
        MessageAttributes: Object.fromEntries(
          Object.entries({ agent, messageId, errorClass, code, message }).map(([name, value]) => [
            name,
            { DataType: "String", StringValue: attributeOf(value) },
          ]),
        ),
      }),
    );
  },
});

/** SQS takes no control characters and no half characters. */
const attributeOf = (value: string) => value.slice(0, LONGEST).replaceAll(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd");
