import { describe, expect, test } from "vitest";
import { Environment } from "../../lib/contract/index.ts";
import { synthesise } from "./synthesise.ts";
import { resources, statementsOf } from "./template.ts";

const { agents } = await synthesise("dev");
const template = agents.get("stock-report")?.template;
if (template === undefined) throw new RangeError("No fixture stock-report.");
const schedules = resources(template, "AWS::Scheduler::Schedule").map(({ properties }) => properties);
const [group] = resources(template, "AWS::Scheduler::ScheduleGroup");
const idOf = (queue: RegExp) => resources(template, "AWS::SQS::Queue").find(({ id }) => queue.test(id))?.id;
const arnOf = (id: string | undefined) => ({ "Fn::GetAtt": [id, "Arn"] });
const [queue, deadLetters] = [idOf(/IntakeQueue/), idOf(/IntakeDeadLetters/)];

describe("schedules", () => {
  test("are those that the agent declares, in a group of its own, at the minute", () => {
    expect(group?.properties).toEqual({ Name: "holdfast-stock-report" });
    expect(schedules).toMatchObject([
      {
        Name: "weekdays",
        ScheduleExpression: "cron(0 6 ? * MON-FRI *)",
        ScheduleExpressionTimezone: "Europe/Zurich",
      },
      { Name: "hourly", ScheduleExpression: "rate(1 hour)", ScheduleExpressionTimezone: "UTC" },
    ]);
    for (const { GroupName, FlexibleTimeWindow } of schedules) {
      expect(GroupName).toEqual({ Ref: group?.id });
      expect(FlexibleTimeWindow).toEqual({ Mode: "OFF" });
    }
  });

  test("send an event that names the schedule and the time into the agent's queue, or into its dead letters", () => {
    for (const { Target, Name } of schedules) {
      expect(Target).toMatchObject({ Arn: arnOf(queue), DeadLetterConfig: { Arn: arnOf(deadLetters) } });
      expect(JSON.parse(Target.Input)).toEqual({
        id: "<aws.scheduler.execution-id>",
        source: "holdfast.schedule",
        "detail-type": Name,
        time: "<aws.scheduler.scheduled-time>",
        resources: ["<aws.scheduler.schedule-arn>"],
        detail: { asOf: "<aws.scheduler.scheduled-time>" },
      });
    }
  });

  test("have a role that sends to these queues, and that the agent's group alone may take", () => {
    const role = resources(template, "AWS::IAM::Role").find(({ id }) => /IntakeSchedulesRole/.test(id));
    for (const { Target } of schedules) expect(Target.RoleArn).toEqual(arnOf(role?.id));
    expect(role?.properties.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Action: "sts:AssumeRole",
        Effect: "Allow",
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: {
          StringEquals: {
            "aws:SourceAccount": { Ref: "AWS::AccountId" },
            "aws:SourceArn": { "Fn::Join": ["", expect.arrayContaining([":schedule-group/holdfast-stock-report"])] },
          },
        },
      },
    ]);
    expect(statementsOf(template, /IntakeSchedulesRole/)).toMatchObject([
      { actions: ["sqs:SendMessage"], resources: [deadLetters, queue].map((id) => JSON.stringify(arnOf(id))) },
    ]);
  });

  test("need no rule on the bus", () => {
    const onBus = resources(template, "AWS::Events::Rule").filter(({ properties }) => properties.EventPattern);
    expect(onBus).toEqual([]);
  });
});

describe("what can never start a run", () => {
  test("is put by start-run into the agent's dead letters, and nothing else is sent by it", () => {
    const sends = statementsOf(template, /startrunRole/).filter(({ actions }) => actions.includes("sqs:SendMessage"));
    expect(sends).toMatchObject([{ actions: ["sqs:SendMessage"], resources: [JSON.stringify(arnOf(deadLetters))] }]);
    const [startRun] = resources(template, "AWS::Lambda::Function").filter(({ id }) => /startrun/.test(id));
    expect(startRun?.properties.Environment.Variables[Environment.deadLetters]).toEqual({ Ref: deadLetters });
  });
});

describe("the function of a step", () => {
  const functions = resources(template, "AWS::Lambda::Function").map(({ id, properties }) => ({ id, properties }));

  test("has the concurrency that is reserved for it, and other functions have none", () => {
    for (const { id, properties } of functions)
      expect(properties.ReservedConcurrentExecutions).toBe(/stepwritereport/.test(id) ? 2 : undefined);
  });
});
