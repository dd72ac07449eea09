import { Duration } from "aws-cdk-lib";
import { type Alarm, ComparisonOperator, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { ErrorClass, SWEEP_SECONDS } from "../../contract/index.ts";
import { type AgentDocument, completionTarget } from "../../definition/index.ts";
import { type AlarmsProps, alarmMaker } from "./alarms.ts";
import { completionRate, letters, measured } from "./measured.ts";

/** The queue of an agent's events, and what was given up of them. */
export interface IntakeQueues {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
}

export interface AgentAlarmsProps extends AlarmsProps {
  readonly document: AgentDocument;
  readonly machine: StateMachine;
  /** Absent where no trigger starts the agent. */
  readonly intake: IntakeQueues | undefined;
}

/** Share of runs that must complete where the agent does not say. */
const COMPLETION_OTHERWISE = 0.9;
/** In percent, to two places. */
export const completionAsked = (document: AgentDocument): number =>
  Math.round(10_000 * (completionTarget(document) ?? COMPLETION_OTHERWISE)) / 100;
/** So many runs must have ended in an hour before their share says anything. */
const FEWEST_ENDED = 5;
/** Percent of a tier's time. */
export const TIME_USED = 75;
const LATE = Duration.minutes(10);
const SHORT = Duration.minutes(5);
const SWEEP = Duration.seconds(SWEEP_SECONDS);
const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
const ANY = { threshold: 0, comparisonOperator: GREATER_THAN_THRESHOLD, evaluationPeriods: 1 };

/** What calls somebody to an agent. */
export function createAgentAlarms(scope: Construct, props: AgentAlarmsProps): Alarm[] {
  const { document, machine, intake } = props;
  const { name, escalations, budget } = document;
  const alarm = alarmMaker(scope, props);
  const alarms = [
    alarm("runs-failing", {
      metric: completionRate(machine, Duration.hours(1), FEWEST_ENDED),
      threshold: completionAsked(document),
      comparisonOperator: LESS_THAN_THRESHOLD,
      evaluationPeriods: 1,
    }),
    alarm("executions-throttled", {
      ...ANY,
      metric: machine.metricThrottled({ period: SHORT, statistic: Stats.SUM }),
      evaluationPeriods: 3,
    }),
  ];
  if (intake !== undefined) {
    alarms.push(
      alarm("intake-delayed", {
        metric: intake.queue.metricApproximateAgeOfOldestMessage({ period: SHORT, statistic: Stats.MAXIMUM }),
        threshold: LATE.toSeconds(),
        comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
      }),
      alarm("intake-dead-letters", { ...ANY, metric: letters(intake.deadLetterQueue) }),
    );
  }
  if (Object.keys(escalations).length > 0) {
    alarms.push(
      alarm("escalation-unanswered", {
        metric: measured(name, "escalationTimeUsed", { period: SWEEP, statistic: Stats.MAXIMUM }),
        threshold: TIME_USED,
        comparisonOperator: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
      }),
    );
  }
  if (Object.keys(budget).length > 0) {
    const errorClass = ErrorClass.BudgetExceeded;
    alarms.push(
      alarm("budget-exceeded", { ...ANY, metric: measured(name, "stepFailures", { errorClass, period: SWEEP }) }),
    );
  }
  return alarms;
}
