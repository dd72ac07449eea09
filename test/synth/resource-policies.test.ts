import { describe, expect, test } from "vitest";
import { Environment } from "../../lib/contract/index.ts";
import { synthesise } from "./synthesise.ts";
import { resources } from "./template.ts";

const { platform, all } = await synthesise("prod", undefined, {
  alarms: { kind: "email", address: "oncall@example.com" },
});
const every = (type: string) => all.flatMap((template) => resources(template, type));

interface Statement {
  readonly Effect: string;
  readonly Principal: "*" | { readonly AWS?: unknown; readonly Service?: string };
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
const POLICIES = ["AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy", "AWS::S3::BucketPolicy"];
const statements: readonly Statement[] = POLICIES.flatMap(every).flatMap(({ properties }) =>
  [properties.PolicyDocument.Statement].flat(),
);
const allowed = statements.filter(({ Effect }) => Effect === "Allow");

describe("who is let in by a resource's own policy", () => {
  test("is a service of AWS, never anybody", () => {
    expect(allowed.length).toBeGreaterThan(0);
    for (const { Principal } of allowed) {
      expect(Principal).toEqual({ Service: expect.stringMatching(/\.amazonaws\.com$/) });
    }
  });

  test("is let in for what this account does: its rules, its alarms, its topics", () => {
    for (const { Condition = {} } of allowed) {
      const keys = Object.values(Condition).flatMap((condition) => Object.keys(condition));
      expect(keys).toEqual(expect.arrayContaining([expect.stringMatching(/^aws:Source(Arn|Account)$/)]));
    }
  });

  test("may send, ask a queue where it is, and nothing else", () => {
    expect([...new Set(allowed.flatMap(({ Action }) => Action))].sort()).toEqual([
      "sns:Publish",
      "sqs:GetQueueAttributes",
      "sqs:GetQueueUrl",
      "sqs:SendMessage",
    ]);
  });

  test("comes over TLS: topics, queues and buckets refuse everything else", () => {
    const kept = ["AWS::SNS::Topic", "AWS::SQS::Queue", "AWS::S3::Bucket"].flatMap(every);
    const refusing = statements.filter(
      ({ Effect, Condition }) => Effect === "Deny" && Condition?.Bool?.["aws:SecureTransport"] === "false",
    );
    expect(refusing.length).toBe(kept.length);
  });

  test("of a function is told by the ARN of what invokes it", () => {
    const permissions = every("AWS::Lambda::Permission");
    expect(permissions.length).toBeGreaterThan(0);
    for (const { properties } of permissions) expect(properties.SourceArn).toBeDefined();
    expect(every("AWS::Lambda::Url")).toEqual([]);
  });

  test("of the key is this account, and CloudWatch for its alarms", () => {
    const [key, ...others] = every("AWS::KMS::Key");
    expect(others).toEqual([]);
    const principals = key?.properties.KeyPolicy.Statement.map(({ Principal }: Statement) => JSON.stringify(Principal));
    expect(principals).toEqual([expect.stringMatching(/:root"/), '{"Service":"cloudwatch.amazonaws.com"}']);
  });
});

describe("what is kept is encrypted", () => {
  test("in the table, the bucket and the topics under the platform's key", () => {
    const [key] = resources(platform, "AWS::KMS::Key");
    const under = { "Fn::GetAtt": [key?.id, "Arn"] };
    for (const { properties } of every("AWS::DynamoDB::Table")) {
      expect(properties.SSESpecification.KMSMasterKeyId).toEqual(under);
    }
    for (const { properties } of every("AWS::SNS::Topic")) expect(properties.KmsMasterKeyId).toEqual(under);
    expect(every("AWS::SNS::Topic").length).toBe(2);
  });

  test("in every queue", () => {
    for (const { properties } of every("AWS::SQS::Queue")) expect(properties.SqsManagedSseEnabled).toBe(true);
  });
});

describe("nothing is lost on its way", () => {
  test("to somebody who subscribes to a topic", () => {
    const subscriptions = every("AWS::SNS::Subscription");
    expect(subscriptions.length).toBe(1);
    for (const { properties } of subscriptions) expect(properties.RedrivePolicy.deadLetterTargetArn).toBeDefined();
  });

  test("or it waits in a dead-letter queue for two weeks", () => {
    for (const { properties } of every("AWS::SQS::Queue")) expect(properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });
});

test("functions are told names and places, and no secret", () => {
  const known = [...Object.values(Environment), "NODE_OPTIONS"];
  const told = every("AWS::Lambda::Function").flatMap(({ properties }) =>
    Object.keys(properties.Environment.Variables),
  );
  expect([...new Set(told)].filter((name) => !known.includes(name))).toEqual([]);
});
