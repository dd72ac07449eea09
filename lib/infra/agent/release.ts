import { Duration, Fn, RemovalPolicy } from "aws-cdk-lib";
import { type Alarm, ComparisonOperator, MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { CfnStateMachineAlias, CfnStateMachineVersion, type StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { stateMachineName } from "../../contract/index.ts";
import type { AgentDocument } from "../../definition/index.ts";
import { LIVE } from "../live.ts";
import { alarmMaker } from "../operations/alarms.ts";
import { responsibleFor } from "../operations/responsible.ts";
import type { Gradual, Rollout } from "../rollout.ts";

export interface ReleaseProps {
  readonly document: AgentDocument;
  readonly machine: StateMachine;
  readonly rollout: Rollout;
  /** Told when a version is taken back. @default nobody */
  readonly topic: ITopic | undefined;
}

const WINDOW = Duration.minutes(5);

/**
 * What is deployed, as a version of the state machine, and the alias that runs are started by. A version is published whenever the
 * machine's definition or configuration changes; those before it stay, as do the functions' versions that they name.
 */
export class Release extends Construct {
  /** ARN of the alias. */
  readonly liveArn: string;

  constructor(scope: Construct, id: string, props: ReleaseProps) {
    super(scope, id);
    const { document, machine, rollout } = props;
    const version = new CfnStateMachineVersion(this, "Version", {
      stateMachineArn: machine.stateMachineArn,
      stateMachineRevisionId: machine.stateMachineRevisionId,
    });
    version.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const alias = new CfnStateMachineAlias(this, "Live", {
      name: LIVE,
      description: `What runs of agent ${document.name} are started by.`,
      deploymentPreference: {
        stateMachineVersionArn: version.attrArn,
        ...(rollout.kind === "all-at-once"
          ? { type: "ALL_AT_ONCE" }
          : {
              type: rollout.kind.toUpperCase(),
              percentage: rollout.percentage,
              interval: rollout.interval,
              alarms: [createAlarm(this, props, version, rollout).alarmName],
            }),
      },
    });
    this.liveArn = alias.attrArn;
  }
}

/**
 * Takes the new version back when its runs fail. It is a new alarm for each version, named after it: one that was kept would still be in
 * the state that the version before it has left, and CloudFormation starts nothing while an alarm is raised.
 */
function createAlarm(
  scope: Construct,
  { document, machine, topic }: ReleaseProps,
  { attrArn }: CfnStateMachineVersion,
  { tolerated }: Gradual,
): Alarm {
  const number = Fn.select(7, Fn.split(":", attrArn));
  // Runs that an alias starts are counted under the version, too (Step Functions developer guide: executions with a version or alias).
  const runs = (metricName: string) =>
    new Metric({
      namespace: "AWS/States",
      metricName,
      dimensionsMap: { StateMachineArn: machine.stateMachineArn, Version: number },
      statistic: Stats.SUM,
      period: WINDOW,
    });
  const prefix = `${stateMachineName(document.name)}-${number}`;
  return alarmMaker(scope, { prefix, responsible: responsibleFor(document), topic })("version-failing", {
    metric: new MathExpression({
      label: "Runs that failed or timed out",
      expression: "FILL(failed, 0) + FILL(timedOut, 0)",
      usingMetrics: { failed: runs("ExecutionsFailed"), timedOut: runs("ExecutionsTimedOut") },
      period: WINDOW,
    }),
    threshold: tolerated,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
  });
}
