import { expect, test } from "vitest";
import { Environment, Table } from "../../lib/contract/index.ts";
import { samplingRate } from "../../lib/infra/sampling.ts";
import { synthesise } from "./synthesise.ts";
import { resources, statements, statementsOf } from "./template.ts";

const [{ platform: dev }, { platform: prod }] = await Promise.all([synthesise("dev"), synthesise("prod")]);
const tableOf = (template: typeof dev) => resources(template, "AWS::DynamoDB::Table")[0];

test("the table has the keys of the contract", () => {
  const { partitionKey, sortKey, timeToLive, runsIndex, askedIndex } = Table;
  expect(tableOf(dev)?.properties).toMatchObject({
    KeySchema: [
      { AttributeName: partitionKey, KeyType: "HASH" },
      { AttributeName: sortKey, KeyType: "RANGE" },
    ],
    TimeToLiveSpecification: { AttributeName: timeToLive, Enabled: true },
    GlobalSecondaryIndexes: [runsIndex, askedIndex].map((index) => ({
      IndexName: index.name,
      KeySchema: [
        { AttributeName: index.partitionKey, KeyType: "HASH" },
        { AttributeName: index.sortKey, KeyType: "RANGE" },
      ],
    })),
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
  expect(tableOf(prod)).toMatchObject({
    DeletionPolicy: "RetainExceptOnCreate",
    properties: { DeletionProtectionEnabled: true },
  });
  for (const type of ["AWS::KMS::Key", "AWS::S3::Bucket"]) {
    expect(resources(dev, type)[0]).toMatchObject({ DeletionPolicy: "Delete" });
    expect(resources(prod, type)[0]).toMatchObject({ DeletionPolicy: "RetainExceptOnCreate" });
  }
});

test("claims outlive the longest run by as long as what else is known of it", () => {
  expect(resources(dev, "AWS::S3::Bucket")[0]?.properties.LifecycleConfiguration).toEqual({
    Rules: [{ Status: "Enabled", ExpirationInDays: 455, NoncurrentVersionExpiration: { NoncurrentDays: 30 } }],
  });
});

test("decide is told where the table is, and of no topic", () => {
  const [decide] = resources(dev, "AWS::Lambda::Function").filter(({ id }) => /decide/.test(id));
  const told = Object.keys(decide?.properties.Environment.Variables);
  expect(told).toContain(Environment.table);
  expect(told).not.toContain(Environment.topic);
});

test("the list of escalations shows neither what a decision takes nor what it is about", () => {
  const indexes = tableOf(dev)?.properties.GlobalSecondaryIndexes;
  const { Projection } = indexes.find(({ IndexName }: { IndexName: string }) => IndexName === Table.askedIndex.name);
  expect(Projection.ProjectionType).toBe("INCLUDE");
  for (const name of ["taskToken", "packet", "incident", "answer", "digest"])
    expect(Projection.NonKeyAttributes).not.toContain(name);
});

test("plan-compensation reads and writes items of runs, and reaches nothing else", () => {
  const onItems = statementsOf(dev, /plancompensation/).filter(({ actions }) =>
    actions.some((action) => action.startsWith("dynamodb:")),
  );
  expect(onItems).toMatchObject([
    {
      actions: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
      condition: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": ["RUN#*"] } },
    },
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
  const ofEvents = permissions.filter(({ Principal }) => Principal === "events.amazonaws.com");
  const admitted = ofEvents.map(({ FunctionName, SourceArn }) => JSON.stringify([FunctionName, SourceArn]));
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
  const listing = statements(dev).filter(({ resources }) => resources.some((name) => name.includes("/index/runs")));
  expect(listing.map(({ role, actions }) => [/reconcileruns/.test(role), actions])).toEqual([
    [true, ["dynamodb:Query"]],
  ]);
});

test("one run a second is traced, and of those beyond it as many as the context says", () => {
  const [rule, ...others] = resources(dev, "AWS::XRay::SamplingRule");
  expect(others).toEqual([]);
  expect(rule?.properties.SamplingRule).toMatchObject({
    ServiceType: "AWS::StepFunctions::StateMachine",
    ServiceName: "holdfast-*",
    ReservoirSize: 1,
    FixedRate: 0.05,
  });
  expect([samplingRate("0.5"), samplingRate(1), samplingRate("0")]).toEqual([0.5, 1, 0]);
  for (const wrong of ["", "often", "1.01", -0.1, {}]) expect(() => samplingRate(wrong)).toThrow("is no rate");
});
