import { Duration, Validations } from "aws-cdk-lib";
import { type EventBus, Rule } from "aws-cdk-lib/aws-events";
import { SqsQueue } from "aws-cdk-lib/aws-events-targets";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import { PLATFORM_TIMEOUT_SECONDS } from "../../contract/index.ts";
import type { EventTrigger } from "../../definition/index.ts";
import { createQueue } from "../queue.ts";
import type { StageSettings } from "../stage.ts";

export interface IntakeProps {
  readonly triggers: readonly EventTrigger[];
  readonly bus: EventBus;
  readonly startRun: LambdaFunction;
  readonly stage: StageSettings;
}

const BATCH = 10;
/** Starts at a time: a burst waits in the queue instead of taking the account's Lambda concurrency. */
const CONCURRENCY = 10;
const ATTEMPTS = 5;

/** The way of events to start-run: bus, one rule a trigger, queue. What cannot be delivered or started is kept aside. */
export class Intake extends Construct {
  constructor(scope: Construct, id: string, { triggers, bus, startRun, stage }: IntakeProps) {
    super(scope, id);
    const deadLetterQueue = createQueue(this, "DeadLetters", stage);
    const queue = createQueue(this, "Queue", stage, {
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: ATTEMPTS },
      // Six times the function's timeout, so that a batch is not handed out again while it is worked on (AWS Lambda guide).
      visibilityTimeout: Duration.seconds(6 * PLATFORM_TIMEOUT_SECONDS),
    });
    for (const { source, detailType } of triggers) {
      new Rule(this, `${source} ${detailType}`, {
        eventBus: bus,
        description: `${detailType} from ${source}.`,
        eventPattern: { source: [source], detailType: [detailType] },
        targets: [new SqsQueue(queue, { deadLetterQueue })],
      });
    }
    startRun.addEventSource(
      new SqsEventSource(queue, { batchSize: BATCH, maxConcurrency: CONCURRENCY, reportBatchItemFailures: true }),
    );
    Validations.of(startRun).acknowledge({
      id: "Serverless-LambdaEventSourceMappingDestination",
      reason: "Lambda has no such destination for SQS; the queue's own redrive policy keeps what failed.",
    });
  }
}
