import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { SWEEP_SECONDS, type SweepEvent } from "../../contract/index.ts";
import { sweepRuleName } from "../names.ts";
import type { Reconciliation } from "../platform/reconciliation.ts";

/** Has reconcile-runs look at the open runs of an agent every now and then, as status events are best effort. */
export function createSweep(
  scope: Construct,
  agent: string,
  machine: StateMachine,
  { reconcile, deadLetterQueue }: Reconciliation,
): Rule {
  const event: SweepEvent = { sweep: { name: agent, stateMachine: machine.stateMachineArn } };
  return new Rule(scope, "Sweep", {
    ruleName: sweepRuleName(agent),
    description: `Looks for runs of agent ${agent} whose end was missed.`,
    schedule: Schedule.rate(Duration.seconds(SWEEP_SECONDS)),
    targets: [
      {
        bind: () => ({
          arn: reconcile.functionArn,
          deadLetterConfig: { arn: deadLetterQueue.queueArn },
          input: RuleTargetInput.fromObject(event),
        }),
      },
    ],
  });
}
