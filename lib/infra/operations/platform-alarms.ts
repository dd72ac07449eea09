import { Duration } from "aws-cdk-lib";
import { type Alarm, ComparisonOperator, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { Reconciliation } from "../platform/reconciliation.ts";
import { type AlarmsProps, alarmMaker } from "./alarms.ts";
import { apiErrors, functionThrottles, letters, tableThrottles } from "./measured.ts";

/** What of the platform is watched. */
export interface Watched {
  readonly reconciliation: Reconciliation;
  readonly tableName: string;
  readonly decideApiId: string;
}

const SHORT = Duration.minutes(5);
const ANY = { threshold: 0, comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD, evaluationPeriods: 1 };
/** What retries get over by themselves does not call anybody. */
const LASTING = { ...ANY, evaluationPeriods: 3 };

/** What calls somebody to what all agents share. */
export function createPlatformAlarms(
  scope: Construct,
  { reconciliation, tableName, decideApiId }: Watched,
  props: AlarmsProps,
): Alarm[] {
  const alarm = alarmMaker(scope, props);
  return [
    alarm("reconcile-failing", {
      ...ANY,
      metric: reconciliation.reconcile.metricErrors({ period: Duration.minutes(15), statistic: Stats.SUM }),
      evaluationPeriods: 2,
    }),
    alarm("reconcile-dead-letters", { ...ANY, metric: letters(reconciliation.deadLetterQueue) }),
    alarm("decide-api-failing", { ...ANY, metric: apiErrors(decideApiId, SHORT) }),
    alarm("table-throttled", { ...LASTING, metric: tableThrottles(tableName, SHORT) }),
    alarm("functions-throttled", { ...LASTING, metric: functionThrottles(SHORT) }),
  ];
}
