import { Duration } from "aws-cdk-lib";
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events";
import type { Construct } from "constructs";
import { SWEEP_SECONDS, type SweepEvent } from "../../contract/index.ts";
import type { AgentDocument } from "../../definition/index.ts";
import { asksPeople } from "../entries.ts";
import { sweepRuleName } from "../names.ts";
import type { Reconciliation } from "../platform/reconciliation.ts";

/** Has reconcile-runs look at the open runs of an agent every now and then, as status events are best effort. */
export function createSweep(
  scope: Construct,
  document: AgentDocument,
  liveArn: string,
  { reconcile, deadLetterQueue }: Reconciliation,
): Rule {
  const { name: agent, escalations } = document;
  const audiences = audiencesOf(escalations);
  const event: SweepEvent = {
    sweep: { name: agent, stateMachine: liveArn, ...(asksPeople(document) ? { audiences } : {}) },
  };
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

const audiencesOf = (escalations: AgentDocument["escalations"]): string[] => [
  ...new Set(Object.values(escalations).flatMap(({ tiers }) => tiers.map(({ audience }) => audience))),
];
