import { Alarm, type CreateAlarmOptions, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { AlarmName } from "./catalogue.ts";
import { alarmDescription, type Responsible } from "./responsible.ts";

/** When an alarm is raised. */
export type Rule = Pick<
  CreateAlarmOptions,
  "threshold" | "comparisonOperator" | "evaluationPeriods" | "datapointsToAlarm"
> & { readonly metric: IMetric };

export interface AlarmsProps {
  /** Begins the names of the alarms: of the agent, or of the platform. */
  readonly prefix: string;
  readonly responsible: Responsible;
  /** Told when an alarm is raised and when it is over. @default nobody */
  readonly topic: ITopic | undefined;
}

/** Makes alarms of one subject. Without data an alarm is not raised: nothing happens where nothing runs. */
export const alarmMaker =
  (scope: Construct, { prefix, responsible, topic }: AlarmsProps) =>
  (name: AlarmName, { metric, ...rule }: Rule): Alarm => {
    const alarm = new Alarm(scope, name, {
      ...rule,
      metric,
      alarmName: `${prefix}-${name}`,
      alarmDescription: alarmDescription(name, responsible),
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic === undefined) return alarm;
    const action = new SnsAction(topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  };
