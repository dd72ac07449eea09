import { Duration, Validations } from "aws-cdk-lib";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { StageSettings } from "./stage.ts";

const RETENTION = Duration.days(14);

/** An encrypted queue that takes nothing over plain HTTP. */
export function createQueue(
  scope: Construct,
  id: string,
  stage: StageSettings,
  props: Pick<QueueProps, "deadLetterQueue" | "visibilityTimeout"> = {},
): Queue {
  const queue = new Queue(scope, id, {
    ...props,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: RETENTION,
    removalPolicy: stage.removalPolicy,
  });
  if (props.deadLetterQueue === undefined) {
    Validations.of(queue).acknowledge({
      id: "Serverless-SQSRedrivePolicy",
      reason: "Holds dead letters itself; people take them out of it.",
    });
  }
  return queue;
}
