import { type Ladder, secondsOf } from "../definition/index.ts";
import type { ChoiceRule } from "./asl.ts";
import { abandonEntry, failEntry } from "./ends.ts";
import { compileValue, jsonata, text } from "./expression.ts";
import { placeholder } from "./names.ts";
import type { Handover, LadderUse, Region } from "./region.ts";
import { ASKING } from "./retry.ts";

/**
 * The first state of a ladder, to which a step hands over once the region's incident is set. All steps of a region
 * share the states of a ladder; a decision finds its way back by the origin that the incident names.
 *
 * @param apart gives the ladder states of their own, for those who give up in another way than steps do; so does silence.
 */
export function ladderEntry(
  region: Region,
  ladder: string,
  handover: Handover,
  apart?: { readonly purpose: string; readonly giveUp: string },
): string {
  const label = apart === undefined ? ladder : `${ladder} ${apart.purpose}`;
  const giveUp = apart?.giveUp ?? abandonEntry(region);
  region.handOver({ label, ladder, giveUp }, handover);
  return tierState(region, label, 0);
}

const tierState = (region: Region, label: string, tier: number) => region.stateName(`${label}: tier ${tier + 1}`);

/** The states of every ladder that the region's steps hand over to. Called once the steps are compiled. */
export function addLadders(region: Region): void {
  for (const use of region.ladders) {
    const ladder = region.agent.escalations[use.ladder];
    if (ladder === undefined) throw new TypeError(`Unknown ladder ${use.ladder}; compile checked agents only.`);
    addTiers(region, use, ladder);
    addDecision(region, use);
  }
}

function addTiers(region: Region, { label, ladder: name, giveUp }: LadderUse, ladder: Ladder): void {
  const isApart = label !== name;
  const silent = isApart || ladder.otherwise === "compensate" ? giveUp : failEntry(region);
  const Output = region.frame;
  for (const [index, tier] of ladder.tiers.entries()) {
    const Next = index + 1 < ladder.tiers.length ? tierState(region, label, index + 1) : silent;
    region.add(tierState(region, label, index), {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: {
        FunctionName: placeholder({ kind: "platform", name: "open-escalation" }),
        Payload: {
          taskToken: jsonata("$states.context.Task.Token"),
          attempt: jsonata("$states.context.State.RetryCount + 1"),
          runId: jsonata("$states.context.Execution.Name"),
          agent: region.agent.name,
          ladder: name,
          tier: index + 1,
          audience: compileValue(tier.audience, region.names),
          openedAt: jsonata("$states.context.State.EnteredTime"),
          withinSeconds: secondsOf(tier.within),
          incident: jsonata(`$${region.variable("incident")}`),
        },
      },
      TimeoutSeconds: secondsOf(tier.within),
      Retry: ASKING,
      Catch: [
        { ErrorEquals: ["States.Timeout", "States.HeartbeatTimeout"], Output, Next },
        { ErrorEquals: ["States.DataLimitExceeded"], Output, Next },
        { ErrorEquals: ["States.ALL"], Output, Next },
      ],
      Assign: { [region.variable("decision")]: jsonata("$states.result") },
      Output,
      Next: region.stateName(`${label}: decided`),
    });
  }
}

function addDecision(region: Region, { label, giveUp, routes }: LadderUse): void {
  const decision = `$${region.variable("decision")}.decision`;
  const from = `$${region.variable("incident")}.origin`;
  const rules = [...routes].flatMap(([origin, own]) =>
    own.map(
      ({ decision: decided, ...transition }): ChoiceRule => ({
        Condition: jsonata(`${decision} = ${text(decided)} and ${from} = ${text(origin)}`),
        Output: region.frame,
        ...transition,
      }),
    ),
  );
  region.add(region.stateName(`${label}: decided`), {
    Type: "Choice",
    Choices: rules,
    Default: giveUp,
    Output: region.frame,
  });
}
