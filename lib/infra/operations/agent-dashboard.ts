import { Duration } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  SingleValueWidget,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import type { AgentDocument } from "../../definition/index.ts";
import { completionAsked, type IntakeQueues, TIME_USED } from "./agent-alarms.ts";
import { listPrice } from "./list-price.ts";
import {
  apiErrors,
  completionRate,
  failuresByClass,
  functionThrottles,
  letters,
  measured,
  tableThrottles,
} from "./measured.ts";
import type { Watched } from "./platform-alarms.ts";

export interface AgentDashboardProps {
  readonly name: string;
  readonly document: AgentDocument;
  readonly machine: StateMachine;
  readonly functions: readonly LambdaFunction[];
  readonly intake: IntakeQueues | undefined;
  readonly alarms: readonly Alarm[];
  /** What all agents share, in a row of its own: a dashboard more would cost more than it shows. */
  readonly platform: Watched;
}

const PERIOD = Duration.minutes(15);
const DAY = Duration.days(1);
const WIDTH = 24;
const HEIGHT = 6;

/** What is seen of an agent at a glance, and where it goes wrong if it does. */
export function createAgentDashboard(scope: Construct, props: AgentDashboardProps): Dashboard {
  const { name, document, machine, functions, intake, alarms, platform } = props;
  const agent = document.name;
  const own = (key: Parameters<typeof measured>[1], label: string, statistic: string = Stats.MAXIMUM) =>
    measured(agent, key, { label, statistic, period: PERIOD });
  const sum = { period: PERIOD, statistic: Stats.SUM };
  const abandoned = measured(agent, "runsEnded", { ...sum, outcome: "abandoned", label: "Abandoned" });
  const failed = new MathExpression({
    label: "Failed",
    expression: "FILL(failed, 0) - FILL(abandoned, 0)",
    usingMetrics: { failed: machine.metricFailed(sum), abandoned },
    period: PERIOD,
  });
  const asksPeople = Object.keys(document.escalations).length > 0;
  const dashboard = new Dashboard(scope, "Dashboard", { dashboardName: name, defaultInterval: DAY });
  dashboard.addWidgets(new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: WIDTH, height: 2 }));
  dashboard.addWidgets(
    ...row([
      numbers("Completed in a day", [completionRate(machine, DAY)]),
      numbers("Open now", [own("runsOpen", "Runs"), own("oldestRunAge", "Oldest run, s")]),
      ...(asksPeople
        ? [numbers("Asked now", [own("escalationsOpen", "Escalations"), own("oldestEscalationAge", "Oldest, s")])]
        : []),
    ]),
  );
  dashboard.addWidgets(
    ...row([
      graph("Runs by outcome", [
        machine.metricStarted({ ...sum, label: "Started" }),
        machine.metricSucceeded({ ...sum, label: "Completed" }),
        failed,
        abandoned,
        machine.metricTimedOut({ ...sum, label: "Timed out" }),
        machine.metricAborted({ ...sum, label: "Aborted" }),
        machine.metricThrottled({ ...sum, label: "Throttled" }),
      ]),
      graph("Completion rate, %", [completionRate(machine, Duration.hours(1))], completionAsked(document)),
    ]),
  );
  dashboard.addWidgets(
    ...row([
      graph("Step failures by class", [failuresByClass(agent, PERIOD)]),
      graph("Retries of steps", [own("stepRetries", "Retries", Stats.SUM)]),
      graph("Duration of attempts, ms", [
        own("stepDuration", "Half of them, at most", Stats.percentile(50)),
        own("stepDuration", "95 %, at most", Stats.percentile(95)),
      ]),
      graph(
        "Errors of functions",
        functions.map((each) => each.metricErrors(sum)),
      ),
    ]),
  );
  dashboard.addWidgets(
    ...row([
      ...(asksPeople
        ? [
            graph("Escalations open", [
              own("escalationsOpen", "Open"),
              own("escalationsOpened", "Opened", Stats.SUM),
              own("noticesFailed", "Not announced by a channel", Stats.SUM),
            ]),
            graph("Age of the oldest escalation, s", [own("oldestEscalationAge", "Age")]),
            graph("Time of a tier used, %", [own("escalationTimeUsed", "Nearest to its deadline")], TIME_USED),
          ]
        : []),
      graph("Budget of a run used, %", [
        own("budgetUsed", "Most"),
        own("budgetUsed", "Half of the runs, at most", Stats.percentile(50)),
      ]),
    ]),
  );
  dashboard.addWidgets(
    ...row([
      ...(intake === undefined
        ? []
        : [
            graph("Age of the oldest event in the queue, s", [
              intake.queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM }),
            ]),
            graph("From the event to its run, ms", [
              own("startDelay", "Half of them, at most", Stats.percentile(50)),
              own("startDelay", "Most"),
            ]),
            graph("Dead letters", [letters(intake.deadLetterQueue)]),
          ]),
      graph("Cost in a day, USD", [
        measured(agent, "usdSpent", { label: "Actions, as steps say", period: DAY }),
        listPrice(functions, DAY),
      ]),
      graph("Cost of a run, USD", [
        own("runCost", "Half of the runs, at most", Stats.percentile(50)),
        own("runCost", "Most"),
      ]),
    ]),
  );
  dashboard.addWidgets(
    ...row([
      graph("Platform: reconcile-runs", [
        platform.reconciliation.reconcile.metricErrors({ ...sum, label: "Errors" }),
        letters(platform.reconciliation.deadLetterQueue).with({ label: "Dead letters" }),
      ]),
      graph("Platform: held back", [
        tableThrottles(platform.tableName, PERIOD),
        functionThrottles(PERIOD).with({ label: "Functions of the account" }),
      ]),
      graph("Platform: decide API", [apiErrors(platform.decideApiId, PERIOD).with({ label: "5xx" })]),
    ]),
  );
  return dashboard;
}

type Sized = (width: number) => GraphWidget | SingleValueWidget;

/** Widgets side by side, as wide as there is room. */
const row = (widgets: readonly Sized[]) => widgets.map((widget) => widget(Math.floor(WIDTH / widgets.length)));

const graph =
  (title: string, left: IMetric[], threshold?: number): Sized =>
  (width) =>
    new GraphWidget({
      title,
      left,
      width,
      height: HEIGHT,
      leftYAxis: { min: 0, showUnits: false },
      ...(threshold === undefined ? {} : { leftAnnotations: [{ value: threshold, label: "Alarm" }] }),
    });

const numbers =
  (title: string, metrics: IMetric[]): Sized =>
  (width) =>
    new SingleValueWidget({ title, metrics, width, height: 3, setPeriodToTimeRange: false });
