import { Duration, Validations } from "aws-cdk-lib";
import { type EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { Environment, PLATFORM_TIMEOUT_SECONDS } from "../../contract/index.ts";
import { type EventTrigger, isSchedule, type Trigger } from "../../definition/index.ts";
import { createQueue } from "../queue.ts";
import type { StageSettings } from "../stage.ts";
import { Schedules } from "./schedules.ts";

export interface IntakeProps {
  readonly agent: string;
  readonly triggers: readonly Trigger[];
  readonly bus: EventBus;
  readonly startRun: LambdaFunction;
  readonly stage: StageSettings;
}

const BATCH = 10;
/** Starts at a time: a burst waits in the queue instead of taking the account's Lambda concurrency. */
const CONCURRENCY = 10;
const ATTEMPTS = 5;

/**
 * The way of events to start-run: bus and schedules, one rule or schedule a trigger, queue. What cannot be delivered or started
 * is kept aside; what can never be started, start-run puts there itself, with the reason.
 */
export class Intake extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, { agent, triggers, bus, startRun, stage }: IntakeProps) {
    super(scope, id);
    const deadLetterQueue = createQueue(this, "DeadLetters", stage);
    const queue = createQueue(this, "Queue", stage, {
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: ATTEMPTS },
      // Six times the function's timeout, so that a batch is not handed out again while it is worked on (AWS Lambda guide).
      visibilityTimeout: Duration.seconds(6 * PLATFORM_TIMEOUT_SECONDS),
    });
    this.queue = queue;
    this.deadLetterQueue = deadLetterQueue;
    for (const { source, detailType } of triggers.filter((trigger): trigger is EventTrigger => !isSchedule(trigger))) {
      const rule = new Rule(this, `${source} ${detailType}`, {
        eventBus: bus,
        description: `${detailType} from ${source}.`,
        eventPattern: { source: [source], detailType: [detailType] },
        targets: [new SqsQueue(queue, { deadLetterQueue })],
      });
      // A rollout takes its time, and start-run comes after it: events that it does not know yet would end as dead letters.
      rule.node.addDependency(startRun);
    }
    const schedules = triggers.filter(isSchedule);
    if (schedules.length > 0) {
      const created = new Schedules(this, "Schedules", { agent, schedules, queue, deadLetterQueue });
      created.node.addDependency(startRun);
    }
    startRun.addEventSource(
      new SqsEventSource(queue, { batchSize: BATCH, maxConcurrency: CONCURRENCY, reportBatchItemFailures: true }),
    );
    startRun.addToRolePolicy(
      new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [deadLetterQueue.queueArn] }),
    );
    startRun.addEnvironment(Environment.deadLetters, deadLetterQueue.queueUrl);
    Validations.of(startRun).acknowledge({
      id: "Serverless-LambdaEventSourceMappingDestination",
      reason: "Lambda has no such destination for SQS; the queue's own redrive policy keeps what failed.",
    });
  }
}
