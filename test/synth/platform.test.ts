import { expect, test } from "vitest";
import { Environment, Table } from "../../lib/contract/index.ts";
import { synthesise } from "./synthesise.ts";
import { resources, statements, statementsOf } from "./template.ts";

const [{ platform: dev }, { platform: prod }] = await Promise.all([synthesise("dev"), synthesise("prod")]);
const tableOf = (template: typeof dev) => resources(template, "AWS::DynamoDB::Table")[0];

test("the table has the keys of the contract", () => {
  const { partitionKey, sortKey, timeToLive, runsIndex } = Table;
  expect(tableOf(dev)?.properties).toMatchObject({
    KeySchema: [
      { AttributeName: partitionKey, KeyType: "HASH" },
      { AttributeName: sortKey, KeyType: "RANGE" },
    ],
    TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
    GlobalSecondaryIndexes: [
      {
        IndexName: runsIndex.name,
        KeySchema: [
          { AttributeName: runsIndex.partitionKey, KeyType: "HASH" },
          { AttributeName: runsIndex.sortKey, KeyType: "RANGE" },
        ],
      },
    ],
  });
});

test("the table is billed by use and can be restored to any second", () => {
  expect(tableOf(dev)?.properties).toMatchObject({
    BillingMode: "PAY_PER_REQUEST",
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  });
});

test("data outlives its stack in prod and goes with it in dev", () => {
  expect(tableOf(dev)).toMatchObject({ DeletionPolicy: "Delete", properties: { DeletionProtectionEnabled: false } });
  expect(tableOf(prod)).toMatchObject({ DeletionPolicy: "Retain", properties: { DeletionProtectionEnabled: true } });
  for (const type of ["AWS::KMS::Key", "AWS::S3::Bucket"]) {
    expect(resources(dev, type)[0]).toMatchObject({ DeletionPolicy: "Delete" });
    expect(resources(prod, type)[0]).toMatchObject({ DeletionPolicy: "Retain" });
  }
});

test("claims outlive the longest run by as long as what else is known of it", () => {
  expect(resources(dev, "AWS::S3::Bucket")[0]?.properties.LifecycleConfiguration).toEqual({
    Rules: [{ Status: "Enabled", ExpirationInDays: 455, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
  });
});

test("a function that is granted something is told where it is", () => {
  const environment = (id: RegExp) =>
    Object.keys(
      resources(dev, "AWS::Lambda::Function").find((candidate) => id.test(candidate.id))?.properties.Environment
        .Variables,
    );
  expect(environment(/openescalation/)).toEqual(expect.arrayContaining([Environment.table, Environment.topic]));
  expect(environment(/decide/)).toContain(Environment.table);
  expect(environment(/decide/)).not.toContain(Environment.topic);
});

test("plan-compensation reads and writes items, and reaches nothing else", () => {
  const actions = statementsOf(dev, /plancompensation/).flatMap((statement) => statement.actions);
  expect(actions.filter((action) => action.startsWith("dynamodb:"))).toEqual([
    "dynamodb:GetItem",
    "dynamodb:PutItem",
    "dynamodb:Query",
    "dynamodb:UpdateItem",
  ]);
});

test("reconcile-runs hears of every agent's executions that end", () => {
  const [ended, ...others] = resources(dev, "AWS::Events::Rule").map(({ properties }) => properties);
  expect(others).toEqual([]);
  expect(ended.EventBusName).toBeUndefined();
  expect(ended.EventPattern).toMatchObject({
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: { status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] },
  });
  expect(JSON.stringify(ended.EventPattern.detail.stateMachineArn)).toMatch(/:stateMachine:holdfast-"/);
});

test("reconcile-runs and its dead-letter queue admit the sweeps of every agent, and no other rules of theirs", () => {
  const permissions = resources(dev, "AWS::Lambda::Permission").map(({ properties }) => properties);
  const admitted = permissions.map(({ FunctionName, SourceArn }) => JSON.stringify([FunctionName, SourceArn]));
  expect(admitted).toEqual([
    expect.stringMatching(/reconcileruns.*:rule\/holdfast-\*-sweep"/),
    expect.stringMatching(/reconcileruns.*PlatformReconciliationEnded/),
  ]);
  const senders = resources(dev, "AWS::SQS::QueuePolicy").flatMap(({ properties }) =>
    properties.PolicyDocument.Statement.filter(({ Effect }: { Effect: string }) => Effect === "Allow").map(
      ({ Condition }: { Condition: unknown }) => JSON.stringify(Condition),
    ),
  );
  expect(senders).toEqual([
    expect.stringMatching(/:rule\/holdfast-\*-sweep"/),
    expect.stringMatching(/PlatformReconciliationEnded/),
  ]);
});

test("of all functions, only reconcile-runs lists runs", () => {
  const listing = statements(dev).filter(({ resources }) => resources.some((name) => name.includes("/index/")));
  expect(listing.map(({ role, actions }) => [/reconcileruns/.test(role), actions])).toEqual([
    [true, ["dynamodb:Query"]],
  ]);
});
