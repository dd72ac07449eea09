import { Match, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledgePatterns } from "../acknowledge.ts";
import { startLive } from "../live.ts";
import { executionsArn, stateMachineArn, sweepRuleArn } from "../names.ts";
import { createQueue } from "../queue.ts";
import { createPlatformFunction, type PlatformProps } from "./platform-function.ts";
import type { RunsTable } from "./runs-table.ts";

export interface ReconciliationProps extends PlatformProps {
  readonly runs: RunsTable;
}

/** Brings the table in line with the executions: closes runs that ended without their last step doing so. */
export class Reconciliation extends Construct {
  /** Takes status events, and the sweeps of every agent's schedule. */
  readonly reconcile: LambdaFunction;
  /** What could not be delivered to it, and what it failed at. */
  readonly deadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    this.deadLetterQueue = createQueue(this, "DeadLetters", props.stage);
    this.reconcile = createPlatformFunction(this, "reconcile-runs", props, {
      description: "Closes runs whose execution ended without their last step doing so.",
      deadLetterQueue: this.deadLetterQueue,
    });
    props.runs.grantReadWrite(this.reconcile);
    props.runs.grantListRuns(this.reconcile);
    props.runs.grantListAsked(this.reconcile);
    this.#grantExecutions();
    this.#admitSweeps();

    new Rule(this, "Ended", {
      description: "Executions of agents that have ended.",
      eventPattern: {
        source: ["aws.states"],
        detailType: ["Step Functions Execution Status Change"],
        detail: {
          status: ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"],
          stateMachineArn: Match.prefix(stateMachineArn(this, "")),
        },
      },
      targets: [new FunctionTarget(this.reconcile, { deadLetterQueue: this.deadLetterQueue })],
    });
  }

  /** A sweep looks at executions, and starts those that were never started. */
  #grantExecutions(): void {
    const [machines, executions] = [stateMachineArn(this, "*"), executionsArn(this, "*")];
    this.reconcile.addToRolePolicy(startLive(machines));
    this.reconcile.addToRolePolicy(
      new PolicyStatement({
        // The history is what the cost of a run is counted by.
        actions: ["states:DescribeExecution", "states:GetExecutionHistory"],
        resources: [executions],
      }),
    );
    acknowledgePatterns(
      this.reconcile,
      [machines, executions],
      "Runs of all agents are repaired, those deployed later included.",
    );
  }

  /** Admits the rules of all agents at once: a policy has no room for a statement per agent. */
  #admitSweeps(): void {
    const principal = new ServicePrincipal("events.amazonaws.com");
    const rules = sweepRuleArn(this, "*");
    this.reconcile.addPermission("Sweeps", { principal, sourceArn: rules });
    this.deadLetterQueue.addToResourcePolicy(
      new PolicyStatement({
        principals: [principal],
        actions: ["sqs:SendMessage"],
        resources: [this.deadLetterQueue.queueArn],
        conditions: { ArnLike: { "aws:SourceArn": rules } },
      }),
    );
  }
}
