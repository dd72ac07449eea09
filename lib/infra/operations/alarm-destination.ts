import { ArnFormat, Stack, Validations } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import type { Construct } from "constructs";
import { createQueue } from "../queue.ts";
import type { StageSettings } from "../stage.ts";

/** Where alarms go: a topic that is there already, or an address that gets a topic of its own. */
export type AlarmDestination =
  | { readonly kind: "topic"; readonly arn: string }
  | { readonly kind: "email"; readonly address: string };

/**
 * Where alarms go, as given by `-c alarmTopicArn=ARN` or `-c alarmEmail=ADDRESS`.
 *
 * @returns `undefined` when neither is given: alarms tell nobody.
 * @throws RangeError for both at once, and for what is no ARN of a topic or no address.
 */
export function alarmDestination(topicArn: unknown, email: unknown): AlarmDestination | undefined {
  if (topicArn === undefined && email === undefined) return undefined;
  if (email === undefined && typeof topicArn === "string" && TOPIC_ARN.test(topicArn)) {
    return { kind: "topic", arn: topicArn };
  }
  if (topicArn === undefined && typeof email === "string" && ADDRESS.test(email)) {
    return { kind: "email", address: email };
  }
  throw new RangeError(
    `alarmTopicArn ${JSON.stringify(topicArn)} and alarmEmail ${JSON.stringify(email)} do not tell where alarms go. ` +
      'Give one of them, as in "cdk synth -c alarmEmail=oncall@example.com" or ' +
      '"cdk synth -c alarmTopicArn=arn:aws:sns:eu-central-1:111122223333:oncall".',
  );
}

const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$/;
const ADDRESS = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/** The topic that alarms act on. One of the platform's own is under its key, which CloudWatch may use for that. */
export function createAlarmTopic(
  scope: Construct,
  destination: AlarmDestination,
  key: Key,
  stage: StageSettings,
): ITopic {
  if (destination.kind === "topic") return Topic.fromTopicArn(scope, "Alarms", destination.arn);
  const topic = new Topic(scope, "Alarms", { displayName: "Holdfast alarms", masterKey: key, enforceSSL: true });
  const cloudWatch = new ServicePrincipal("cloudwatch.amazonaws.com");
  const ofAlarms = {
    ArnLike: {
      "aws:SourceArn": Stack.of(scope).formatArn({
        service: "cloudwatch",
        resource: "alarm",
        resourceName: "holdfast-*",
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    },
    StringEquals: { "aws:SourceAccount": Stack.of(scope).account },
  };
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ["sns:Publish"],
      resources: [topic.topicArn],
      conditions: ofAlarms,
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [cloudWatch],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      // In the policy of a key this is the key itself.
      resources: ["*"],
      conditions: ofAlarms,
    }),
  );
  const deadLetterQueue = createQueue(scope, "UndeliveredAlarms", stage);
  Validations.of(deadLetterQueue).acknowledge({
    id: "AwsSolutions-SQS3",
    reason: "It is the dead-letter queue of the topic's subscription, where the rule does not look.",
  });
  topic.addSubscription(new EmailSubscription(destination.address, { deadLetterQueue }));
  return topic;
}
