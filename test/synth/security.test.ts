import { describe, expect, test } from "vitest";
import { type Synthesised, synthesise } from "./synthesise.ts";
import { resources, statements } from "./template.ts";

const { platform, agents, all }: Synthesised = await synthesise("prod");
const every = (type: string) => all.flatMap((template) => resources(template, type));
const everyStatement = all.flatMap(statements);

describe("roles", () => {
  test("no two functions, state machines or groups of schedules share a role", () => {
    const holders = [
      ...every("AWS::Lambda::Function").map(({ properties }) => JSON.stringify(properties.Role)),
      ...every("AWS::StepFunctions::StateMachine").map(({ properties }) => JSON.stringify(properties.RoleArn)),
      ...new Set(every("AWS::Scheduler::Schedule").map(({ properties }) => JSON.stringify(properties.Target.RoleArn))),
    ];
    expect(holders.length).toBe(every("AWS::IAM::Role").length);
    for (const template of all) {
      const roles = resources(template, "AWS::Lambda::Function").map(({ properties }) =>
        JSON.stringify(properties.Role),
      );
      expect(new Set(roles).size).toBe(roles.length);
    }
  });

  test("hold no managed policies", () => {
    for (const { properties } of every("AWS::IAM::Role")) expect(properties.ManagedPolicyArns).toBeUndefined();
  });

  test("hold no wildcard actions", () => {
    expect(everyStatement.flatMap(({ actions }) => actions).filter((action) => action.includes("*"))).toEqual([]);
  });

  test("reach every resource only with actions that know no resources", () => {
    const unbounded = everyStatement
      .filter(({ resources }) => resources.includes('"*"'))
      .flatMap(({ actions }) => actions);
    expect([...new Set(unbounded)].sort()).toEqual([
      "logs:CreateLogDelivery",
      "logs:DeleteLogDelivery",
      "logs:DescribeLogGroups",
      "logs:DescribeResourcePolicies",
      "logs:GetLogDelivery",
      "logs:ListLogDeliveries",
      "logs:PutResourcePolicy",
      "logs:UpdateLogDelivery",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  test("name other resources by pattern only where their names cannot be known", () => {
    const patterns = everyStatement
      .flatMap(({ actions, resources }) => resources.map((resource) => ({ actions, resource })))
      .filter(({ resource }) => resource.includes("*") && resource !== '"*"')
      .map(({ actions, resource }) => `${actions.join(" ")} ${/[^"]*\*/.exec(resource)}`);
    expect([...new Set(patterns)].sort()).toEqual([
      "bedrock:InvokeModel :bedrock:*",
      "lambda:InvokeFunction :*",
      "s3:GetObject :s3:::shop-inbox/orders/*",
      "s3:GetObject s3:PutObject /credit-check/*",
      "s3:GetObject s3:PutObject /order-desk/*",
      "s3:GetObject s3:PutObject /stock-report/*",
      "s3:PutObject :s3:::shop-ledger/bookings/*",
      "states:DescribeExecution states:GetExecutionHistory :execution:holdfast-*:*",
      "states:DescribeExecution states:StopExecution :execution:holdfast-credit-check:*",
      "states:SendTaskSuccess :stateMachine:holdfast-*",
      "states:StartExecution :stateMachine:holdfast-*",
    ]);
  });

  test("delete nothing from the table", () => {
    const onTable = everyStatement.flatMap(({ actions }) => actions).filter((action) => action.startsWith("dynamodb:"));
    expect([...new Set(onTable)].sort()).toEqual([
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
    ]);
  });

  test("start and look at executions of every agent only as reconcile-runs, and stop none but those of subflows", () => {
    const onAll = everyStatement
      .filter(({ resources }) => resources.some((resource) => /:(stateMachine|execution):holdfast-\*/.test(resource)))
      .flatMap(({ role, actions }) => actions.map((action) => `${role.replace(/Role.*/, "")} ${action}`))
      .filter((granted) => granted.endsWith("Execution"));
    expect(onAll.sort()).toEqual([
      "PlatformReconciliationreconcileruns states:DescribeExecution",
      "PlatformReconciliationreconcileruns states:StartExecution",
    ]);
  });

  test("answer waiting tasks only as decide, and as reconcile-runs, which delivers what was decided", () => {
    const answering = everyStatement.filter(({ actions }) =>
      actions.some((action) => action.startsWith("states:SendTask")),
    );
    expect(answering.map(({ role }) => role.replace(/Role.*/, ""))).toEqual([
      "PlatformEscalationsdecide",
      "PlatformReconciliationreconcileruns",
    ]);
  });
});

describe("encryption", () => {
  test("the table is under the platform's own key, which rotates", () => {
    const [table] = resources(platform, "AWS::DynamoDB::Table");
    const [key] = resources(platform, "AWS::KMS::Key");
    expect(table?.properties.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: "KMS",
      KMSMasterKeyId: { "Fn::GetAtt": [key?.id, "Arn"] },
    });
    expect(key?.properties.EnableKeyRotation).toBe(true);
  });

  test("the key is used only through DynamoDB, S3 and SNS", () => {
    const uses = everyStatement.filter(({ actions }) => actions.some((action) => action.startsWith("kms:")));
    expect(uses.length).toBeGreaterThan(0);
    for (const { condition } of uses) {
      expect(JSON.stringify(condition)).toMatch(/"kms:ViaService":\{"Fn::Join":\["",\["(dynamodb|s3|sns)\."/);
    }
  });

  test("the bucket is under the key, versioned, closed to the public, and takes nothing over plain HTTP", () => {
    const [bucket, ...others] = every("AWS::S3::Bucket");
    const [key] = resources(platform, "AWS::KMS::Key");
    expect(others).toEqual([]);
    expect(bucket?.properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: "aws:kms",
              KMSMasterKeyID: { "Fn::GetAtt": [key?.id, "Arn"] },
            },
          },
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: "Enabled" },
    });
    for (const { properties } of every("AWS::S3::BucketPolicy")) expectTlsOnly(properties.PolicyDocument);
    expect(every("AWS::S3::BucketPolicy").length).toBe(1);
  });

  test("topics are under the key, and take nothing over plain HTTP", () => {
    const topics = every("AWS::SNS::Topic");
    expect(topics.length).toBeGreaterThan(0);
    for (const { properties } of topics) expect(properties.KmsMasterKeyId).toBeDefined();
    for (const { properties } of every("AWS::SNS::TopicPolicy")) expectTlsOnly(properties.PolicyDocument);
    expect(every("AWS::SNS::TopicPolicy").length).toBe(topics.length);
  });

  test("queues are encrypted, and take nothing over plain HTTP", () => {
    const queues = every("AWS::SQS::Queue");
    expect(queues.length).toBeGreaterThan(0);
    for (const { properties } of queues) expect(properties.SqsManagedSseEnabled).toBe(true);
    for (const { properties } of every("AWS::SQS::QueuePolicy")) expectTlsOnly(properties.PolicyDocument);
    expect(every("AWS::SQS::QueuePolicy").length).toBe(queues.length);
  });
});

describe("nothing is lost", () => {
  test("every rule target has a dead-letter queue", () => {
    const targets = every("AWS::Events::Rule").flatMap(({ properties }) => properties.Targets);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(target.DeadLetterConfig?.Arn).toBeDefined();
  });

  test("every schedule has a dead-letter queue", () => {
    const targets = every("AWS::Scheduler::Schedule").map(({ properties }) => properties.Target);
    expect(targets.length).toBeGreaterThan(0);
    for (const target of targets) expect(target.DeadLetterConfig?.Arn).toBeDefined();
  });

  test("every queue that a function reads has a dead-letter queue", () => {
    const sources = every("AWS::Lambda::EventSourceMapping").map(
      ({ properties }) => properties.EventSourceArn["Fn::GetAtt"][0],
    );
    expect(sources.length).toBe(2);
    for (const { id, properties } of every("AWS::SQS::Queue")) {
      if (sources.includes(id)) expect(properties.RedrivePolicy.maxReceiveCount).toBe(5);
    }
  });

  test("a function that is invoked asynchronously has a dead-letter queue", () => {
    const [reconcile] = resources(platform, "AWS::Lambda::Function").filter(({ id }) => /reconcileruns/.test(id));
    expect(reconcile?.properties.DeadLetterConfig.TargetArn).toBeDefined();
  });

  test("every log group has a retention", () => {
    const groups = every("AWS::Logs::LogGroup");
    const machinesAndApi = agents.size + 1;
    expect(groups.length).toBe(every("AWS::Lambda::Function").length + machinesAndApi);
    for (const { properties } of groups) expect(properties.RetentionInDays).toBe(365);
  });

  test("every function writes to a log group of its own, and its role to no other", () => {
    for (const template of all) {
      for (const { properties } of resources(template, "AWS::Lambda::Function")) {
        const group = properties.LoggingConfig.LogGroup.Ref;
        const role = properties.Role["Fn::GetAtt"][0];
        const written = statements(template).filter(
          (statement) => statement.role === role && statement.actions.includes("logs:PutLogEvents"),
        );
        expect(written.flatMap(({ resources }) => resources)).toEqual([
          JSON.stringify({ "Fn::GetAtt": [group, "Arn"] }),
        ]);
      }
    }
  });
});

function expectTlsOnly(policy: { Statement: unknown }): void {
  expect([policy.Statement].flat()).toContainEqual(
    expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
  );
}
