import { EventBus } from "aws-cdk-lib/aws-events";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { Environment } from "../../contract/index.ts";
import { BUS } from "../names.ts";
import { createAlarmTopic } from "../operations/alarm-destination.ts";
import { createPlatformAlarms, type Watched } from "../operations/platform-alarms.ts";
import { responsibleForAll } from "../operations/responsible.ts";
import { samplingRate } from "../sampling.ts";
import type { StageSettings } from "../stage.ts";
import { ClaimsBucket } from "./claims-bucket.ts";
import { createKey } from "./encryption-key.ts";
import { Escalations } from "./escalations.ts";
import { createPlatformFunction, type PlatformProps } from "./platform-function.ts";
import { Reconciliation } from "./reconciliation.ts";
import { RunsTable } from "./runs-table.ts";
import { createSamplingRule } from "./sampling-rule.ts";

/**
 * What all agents of an account and region share: the runs table, the bus that events come in on, and what asks people.
 * One of it, in a stack of its own.
 */
export class HoldfastPlatform extends Construct {
  readonly stage: StageSettings;
  readonly bus: EventBus;
  readonly runs: RunsTable;
  readonly claims: ClaimsBucket;
  readonly escalations: Escalations;
  readonly reconciliation: Reconciliation;
  /** Invoked by state machines. */
  readonly planCompensationArn: string;
  readonly recordDecisionsArn: string;
  /** What alarms act on; absent where nobody is to be told. */
  readonly alarmTopic: ITopic | undefined;
  /** What the dashboards of agents show of it. */
  readonly watched: Watched;

  constructor(scope: Construct, id: string, props: PlatformProps) {
    super(scope, id);
    const { stage } = props;
    const key = createKey(this, stage);
    const runs = new RunsTable(this, "Runs", { key, stage });
    const escalations = new Escalations(this, "Escalations", { ...props, key, runs });
    const reconciliation = new Reconciliation(this, "Reconciliation", { ...props, runs });
    escalations.grantAnswer(reconciliation.reconcile);
    const planCompensation = createPlatformFunction(this, "plan-compensation", props, {
      description: "Lists the completed writes of a run that is given up.",
    });
    runs.grantEveryRun(planCompensation);
    const recordDecisions = createPlatformFunction(this, "record-decisions", props, {
      description: "Keeps the ways that a state machine took before an end that has no function.",
    });
    runs.grantEveryRun(recordDecisions);

    createSamplingRule(this, props.sampling ?? samplingRate());

    this.stage = stage;
    this.bus = new EventBus(this, "Bus", { eventBusName: BUS, description: "Events that start runs." });
    this.runs = runs;
    this.claims = new ClaimsBucket(this, "Claims", { key, stage });
    this.escalations = escalations;
    this.reconciliation = reconciliation;
    this.planCompensationArn = planCompensation.functionArn;
    this.recordDecisionsArn = recordDecisions.functionArn;
    const { alarms, responsible = responsibleForAll([]) } = props;
    this.alarmTopic = alarms && createAlarmTopic(this, alarms, key, stage);
    this.watched = { reconciliation, tableName: runs.tableName, decideApiId: escalations.decideApiId };
    createPlatformAlarms(this, this.watched, { prefix: "holdfast-platform", responsible, topic: this.alarmTopic });
  }

  /** Lets a function put events of some sources on the bus, which start the runs of whatever agents have a trigger for them, and tells it the bus. */
  grantPutEvents(grantee: LambdaFunction, sources: readonly string[]): void {
    const conditions = { StringEquals: { "events:source": [...sources] } };
    grantee.addToRolePolicy(
      new PolicyStatement({ actions: ["events:PutEvents"], resources: [this.bus.eventBusArn], conditions }),
    );
    grantee.addEnvironment(Environment.bus, this.bus.eventBusName);
  }
}
