import { Duration } from "aws-cdk-lib";
import { MathExpression, Metric, type MetricOptions, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import {
  type ErrorClass,
  METRICS,
  METRICS_NAMESPACE,
  MetricDimension,
  type MetricKey,
  type RunOutcome,
} from "../../contract/index.ts";

/** A metric of Holdfast's own about an agent. */
export const measured = (
  agent: string,
  key: MetricKey,
  {
    errorClass,
    outcome,
    ...options
  }: MetricOptions & { readonly errorClass?: ErrorClass; readonly outcome?: RunOutcome } = {},
): Metric =>
  new Metric({
    namespace: METRICS_NAMESPACE,
    metricName: METRICS[key].name,
    dimensionsMap: {
      [MetricDimension.agent]: agent,
      ...(errorClass === undefined ? {} : { [MetricDimension.errorClass]: errorClass }),
      ...(outcome === undefined ? {} : { [MetricDimension.outcome]: outcome }),
    },
    statistic: Stats.SUM,
    ...options,
  });

/** Step failures of an agent, a line for each class that there were any of. */
export const failuresByClass = (agent: string, period: Duration): MathExpression =>
  new MathExpression({
    expression: `SEARCH('{${METRICS_NAMESPACE},${MetricDimension.agent},${MetricDimension.errorClass}} MetricName="${METRICS.stepFailures.name}" ${MetricDimension.agent}="${agent}"', '${Stats.SUM}', ${period.toSeconds()})`,
    usingMetrics: {},
    label: "",
    period,
  });

/** Share of the runs that ended which completed, in percent; 100 where fewer ended than say anything. */
export function completionRate(machine: StateMachine, period: Duration, fewest = 1): MathExpression {
  const options = { period, statistic: Stats.SUM };
  const others = "FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)";
  const ended = `(FILL(succeeded, 0) + ${others})`;
  return new MathExpression({
    label: "Completed, %",
    expression: `IF(${ended} >= ${fewest}, 100 * FILL(succeeded, 0) / ${ended}, 100)`,
    usingMetrics: {
      succeeded: machine.metricSucceeded(options),
      failed: machine.metricFailed(options),
      timedOut: machine.metricTimedOut(options),
      aborted: machine.metricAborted(options),
    },
    period,
  });
}

/** Reads and writes of a table that DynamoDB held back. */
export function tableThrottles(tableName: string, period: Duration): MathExpression {
  const events = (metricName: string) =>
    new Metric({
      namespace: "AWS/DynamoDB",
      metricName,
      dimensionsMap: { TableName: tableName },
      statistic: Stats.SUM,
      period,
    });
  return new MathExpression({
    label: "Reads and writes held back",
    // Alarms keep their state where a metric of DynamoDB has no data (CloudWatch API: PutMetricAlarm); zero ends them.
    expression: "FILL(reads, 0) + FILL(writes, 0)",
    usingMetrics: { reads: events("ReadThrottleEvents"), writes: events("WriteThrottleEvents") },
    period,
  });
}

/** Invocations of all functions of the account and region that Lambda held back. */
export const functionThrottles = (period: Duration): Metric =>
  new Metric({
    namespace: "AWS/Lambda",
    metricName: "Throttles",
    statistic: Stats.SUM,
    period,
  });

/** Answers of an HTTP API that are errors of its own. */
export const apiErrors = (apiId: string, period: Duration): Metric =>
  new Metric({
    namespace: "AWS/ApiGateway",
    metricName: "5xx",
    dimensionsMap: { ApiId: apiId },
    statistic: Stats.SUM,
    period,
  });

/** What waits in a dead-letter queue. */
export const letters = (queue: Queue): Metric =>
  queue.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(5), statistic: Stats.MAXIMUM });
