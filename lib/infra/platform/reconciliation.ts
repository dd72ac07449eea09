import { Match, Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction as FunctionTarget } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { stateMachineArn } from "../names.ts";
import { createQueue } from "../queue.ts";
import { createPlatformFunction, type PlatformProps } from "./platform-function.ts";
import type { RunsTable } from "./runs-table.ts";

export interface ReconciliationProps extends PlatformProps {
  readonly runs: RunsTable;
}

/** Brings the table in line with the executions: closes runs that ended without their last step doing so. */
export class Reconciliation extends Construct {
  constructor(scope: Construct, id: string, props: ReconciliationProps) {
    super(scope, id);
    const deadLetterQueue = createQueue(this, "DeadLetters", props.stage);
    const reconcile = createPlatformFunction(this, "reconcile-runs", props, {
      description: "Closes runs whose execution ended without their last step doing so.",
      deadLetterQueue,
    });
    props.runs.grantReadWrite(reconcile);

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
      targets: [new FunctionTarget(reconcile, { deadLetterQueue })],
    });
  }
}
