import type { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { AGENT_STANDING, idleCost, PLATFORM_STANDING, type Standing } from "../../lib/compiler/index.ts";
import { METRICS } from "../../lib/contract/index.ts";
import { synthesise } from "./synthesise.ts";
import { resources } from "./template.ts";

/** Measured by every sweep, so that zero is seen; all others are measured when something happens. */
const SWEPT = [
  METRICS.runsOpen,
  METRICS.oldestRunAge,
  METRICS.escalationsOpen,
  METRICS.oldestEscalationAge,
  METRICS.escalationTimeUsed,
];

const { platform, agents } = await synthesise("prod", undefined, {
  alarms: { kind: "email", address: "oncall@example.com" },
});
const desk = agents.get("order-desk")?.template;
if (desk === undefined) throw new RangeError("There is no order-desk.");

const count = (template: Template, type: string) => resources(template, type).length;
const alarmedMetrics = (template: Template) =>
  resources(template, "AWS::CloudWatch::Alarm").reduce(
    (sum, { properties: { Metrics } }) =>
      sum +
      (Metrics === undefined ? 1 : Metrics.filter(({ MetricStat }: { MetricStat?: unknown }) => MetricStat).length),
    0,
  );

const standingOf = (template: Template, sweeps: number): Standing => ({
  keys: count(template, "AWS::KMS::Key"),
  alarmedMetrics: alarmedMetrics(template),
  dashboards: count(template, "AWS::CloudWatch::Dashboard"),
  sweptMetrics: sweeps * SWEPT.length,
  sweeps,
  polledQueues: count(template, "AWS::Lambda::EventSourceMapping"),
});

test("what is estimated to cost while nothing runs is what an agent with every alarm deploys", () => {
  expect(standingOf(platform, 0)).toEqual(PLATFORM_STANDING);
  expect(standingOf(desk, 1)).toEqual(AGENT_STANDING);
});

test("the platform and a first agent with every alarm cost at most 10 USD a month while nothing runs", () => {
  const [shared, own] = [idleCost(PLATFORM_STANDING), idleCost(AGENT_STANDING)];
  console.info(`idle, USD a month: platform ${shared.toFixed(2)}, each agent ${own.toFixed(2)}`);
  expect(shared + own).toBeLessThanOrEqual(10);
});

test("nothing else is there that costs by the hour", () => {
  const BY_THE_HOUR =
    /^AWS::(EC2|RDS|ElastiCache|ECS|Kinesis|OpenSearchService|ElasticLoadBalancingV2|SecretsManager)::|ProvisionedConcurrency/;
  const types = [platform, desk].flatMap((template) => [
    ...new Set(Object.values<{ Type: string }>(template.toJSON().Resources).map(({ Type }) => Type)),
  ]);
  expect(types.filter((type) => BY_THE_HOUR.test(type))).toEqual([]);
  for (const { properties } of resources(platform, "AWS::DynamoDB::Table")) {
    expect(properties.BillingMode).toBe("PAY_PER_REQUEST");
  }
});
