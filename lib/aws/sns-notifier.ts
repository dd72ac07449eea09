import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notifier } from "../ports/index.ts";

/** Announces escalations on an SNS topic; subscribers filter by the message attribute `audience`. */
export const snsNotifier = (client: SNSClient, topicArn: string): Notifier => ({
  async escalationOpened(notice) {
    await client.send(
      new PublishCommand({
        TopicArn: topicArn,
        Subject: `${notice.agent}: ${notice.step} needs a decision`.slice(0, 100),
        Message: JSON.stringify(notice),
        MessageAttributes: { audience: { DataType: "String", StringValue: notice.audience } },
      }),
    );
  },
});
