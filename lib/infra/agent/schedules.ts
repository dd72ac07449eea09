import { Aws } from "aws-cdk-lib";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnSchedule, CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { scheduleEvent } from "../../contract/index.ts";
import type { ScheduleTrigger } from "../../definition/index.ts";
import { scheduleGroupArn, scheduleGroupName } from "../names.ts";

export interface SchedulesProps {
  readonly agent: string;
  readonly schedules: readonly ScheduleTrigger[];
  /** Where the events of the schedules go. */
  readonly queue: Queue;
  /** What cannot be delivered there. */
  readonly deadLetterQueue: Queue;
}

/** The schedules of an agent, in a group and under a role of their own: EventBridge Scheduler puts their events into its queue. */
export class Schedules extends Construct {
  constructor(scope: Construct, id: string, { agent, schedules, queue, deadLetterQueue }: SchedulesProps) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, "Group", { name: scheduleGroupName(agent) });
    const role = new Role(this, "Role", {
      description: `Puts the events of agent ${agent}'s schedules into its queue.`,
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: {
          StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID, "aws:SourceArn": scheduleGroupArn(this, agent) },
        },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queue.queueArn, deadLetterQueue.queueArn] }),
    );
    for (const { name, schedule, timezone, input } of schedules) {
      new CfnSchedule(this, `Schedule ${name}`, {
        name,
        groupName: group.ref,
        description: `Starts runs of agent ${agent}.`,
        scheduleExpression: schedule,
        scheduleExpressionTimezone: timezone,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: queue.queueArn,
          roleArn: role.roleArn,
          deadLetterConfig: { arn: deadLetterQueue.queueArn },
          input: JSON.stringify(scheduleEvent(name, input)),
        },
      });
    }
  }
}
