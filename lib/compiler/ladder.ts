import { type JsonObject, PLATFORM_TIMEOUT_SECONDS, SILENT } from "../contract/index.ts";
import { type Ladder, secondsOf, type Tier } from "../definition/index.ts";
import type { Catcher, ChoiceRule } from "./asl.ts";
import { abandonEntry, failEntry } from "./ends.ts";
import { compileValue, jsonata, text } from "./expression.ts";
import { LAMBDA_INVOKE, placeholder } from "./names.ts";
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
  return keepsHours(ladderOf(region, ladder)) ? hoursState(region, label) : tierState(region, label, 0);
}

/** Whether people are given working time, which only a function can tell. */
export const keepsHours = ({ tiers }: Ladder) => tiers.some(({ hours }) => hours !== undefined);

/** The states of every ladder that the region's steps hand over to. Called once the steps are compiled. */
export function addLadders(region: Region): void {
  for (const use of region.ladders) {
    const ladder = ladderOf(region, use.ladder);
    if (keepsHours(ladder)) addHours(region, use, ladder);
    for (const index of ladder.tiers.keys()) addTier(region, use, ladder, index);
    addSilence(region, use);
    addDecision(region, use, ladder);
  }
}

function ladderOf({ agent }: Region, name: string): Ladder {
  const ladder = agent.escalations[name];
  if (ladder === undefined) throw new TypeError(`Unknown ladder ${name}; compile checked agents only.`);
  return ladder;
}

/** What the states of ladders are called, whatever region they are in. */
export const LADDER_STATE = /: (hours|tier \d+|silent|decided)( \(.*\))?$/;

const hoursState = (region: Region, label: string) => region.stateName(`${label}: hours`);
const tierState = (region: Region, label: string, tier: number) => region.stateName(`${label}: tier ${tier + 1}`);
const silentState = (region: Region, label: string) => region.stateName(`${label}: silent`);
const decidedState = (region: Region, label: string) => region.stateName(`${label}: decided`);

const RUN_ID = jsonata("$states.context.Execution.Name");
const ENTERED = "$states.context.State.EnteredTime";
const whateverFails = (to: Omit<Catcher, "ErrorEquals">): readonly Catcher[] => [
  { ErrorEquals: ["States.DataLimitExceeded"], ...to },
  { ErrorEquals: ["States.ALL"], ...to },
];
const openEscalation = (Payload: JsonObject) => ({
  FunctionName: placeholder({ kind: "platform", name: "open-escalation" }),
  Payload,
});

/** Asks until when each tier has time, should those before it stay silent. Without an answer every hour counts. */
function addHours(region: Region, { label, ladder: name }: LadderUse, { tiers }: Ladder): void {
  const deadlines = region.variable("ladder__deadlines");
  const seconds = tiers.map((_, index) =>
    tiers.slice(0, index + 1).reduce((sum, { within }) => sum + secondsOf(within), 0),
  );
  const everyHour = seconds.map((after) => jsonata(`$fromMillis($millis() + ${after} * 1000)`));
  const Next = tierState(region, label, 0);
  const Output = region.carried;
  region.add(hoursState(region, label), {
    Type: "Task",
    Resource: LAMBDA_INVOKE,
    Arguments: openEscalation({ deadlines: { ladder: name, from: jsonata(ENTERED) } }),
    TimeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
    Retry: ASKING,
    Catch: whateverFails({ Assign: { [deadlines]: everyHour }, Output, Next }),
    Assign: { [deadlines]: jsonata("$states.result.Payload.deadlines") },
    Output,
    Next,
  });
}

function addTier(region: Region, { label, ladder: name }: LadderUse, ladder: Ladder, index: number): void {
  const { within } = ladder.tiers[index] as Tier;
  const deadline = keepsHours(ladder) ? `$${region.variable("ladder__deadlines")}[${index}]` : undefined;
  const Output = region.carried;
  const silent = {
    Assign: { [region.variable("ladder__asked")]: { tier: index + 1, openedAt: jsonata(ENTERED) } },
    Output,
    Next: silentState(region, label),
  };
  region.add(tierState(region, label, index), {
    Type: "Task",
    Resource: `${LAMBDA_INVOKE}.waitForTaskToken`,
    Arguments: openEscalation({
      ask: {
        taskToken: jsonata("$states.context.Task.Token"),
        attempt: jsonata("$states.context.State.RetryCount + 1"),
        runId: RUN_ID,
        ladder: name,
        tier: index + 1,
        openedAt: jsonata(ENTERED),
        deadline: jsonata(deadline ?? `$fromMillis($millis() + ${secondsOf(within)} * 1000)`),
        ...requesterOf(region),
        incident: jsonata(`$${region.variable("incident")}`),
      },
    }),
    TimeoutSeconds:
      deadline === undefined
        ? secondsOf(within)
        : jsonata(`$toMillis(${deadline}) > $millis() ? $ceil(($toMillis(${deadline}) - $millis()) / 1000) : 1`),
    Retry: ASKING,
    Catch: [{ ErrorEquals: ["States.Timeout", "States.HeartbeatTimeout"], ...silent }, ...whateverFails(silent)],
    Assign: { [region.variable("decision")]: jsonata("$states.result") },
    Output,
    Next: decidedState(region, label),
  });
}

const requesterOf = ({ agent, names }: Region): JsonObject =>
  agent.requester === undefined ? {} : { requester: compileValue({ $from: `input.${agent.requester}` }, names) };

/** Ends the time of a tier in the store, which says whether a decision came first: what was decided in time counts. */
function addSilence(region: Region, { label, ladder }: LadderUse): void {
  const asked = `$${region.variable("ladder__asked")}`;
  const decision = region.variable("decision");
  const Output = region.carried;
  const Next = decidedState(region, label);
  region.add(silentState(region, label), {
    Type: "Task",
    Resource: LAMBDA_INVOKE,
    Arguments: openEscalation({
      silence: {
        runId: RUN_ID,
        ladder,
        tier: jsonata(`${asked}.tier`),
        openedAt: jsonata(`${asked}.openedAt`),
        path: jsonata(`$${region.variable("incident")}.path`),
      },
    }),
    TimeoutSeconds: PLATFORM_TIMEOUT_SECONDS,
    Retry: ASKING,
    Catch: whateverFails({
      Assign: { [decision]: { decision: SILENT, tier: jsonata(`${asked}.tier`) } },
      Output,
      Next,
    }),
    Assign: { [decision]: jsonata("$states.result.Payload") },
    Output,
    Next,
  });
}

function addDecision(region: Region, { label, ladder: name, giveUp, routes }: LadderUse, ladder: Ladder): void {
  const decision = `$${region.variable("decision")}`;
  const incident = `$${region.variable("incident")}`;
  const Output = region.carried;
  const rules = [...routes].flatMap(([origin, own]) =>
    own.map(
      ({ decision: decided, ...transition }): ChoiceRule => ({
        Condition: jsonata(
          `${decision}.decision = ${text(decided)} and ${incident}.origin = ${text(origin)} and ${text(decided)} in ${incident}.decisions`,
        ),
        Output,
        ...transition,
      }),
    ),
  );
  const isApart = label !== name;
  const last = ladder.tiers.length - 1;
  const silent = ladder.tiers.flatMap((_, index): ChoiceRule[] => {
    const fails = !isApart && ladder.otherwise === "abort";
    const Next = index < last ? tierState(region, label, index + 1) : fails ? failEntry(region) : giveUp;
    if (Next === giveUp) return [];
    const Condition = jsonata(`${decision}.decision = ${text(SILENT)} and ${decision}.tier = ${index + 1}`);
    return [{ Condition, Output, Next }];
  });
  region.add(decidedState(region, label), {
    Type: "Choice",
    Choices: [...rules, ...silent],
    Default: giveUp,
    Output,
  });
}
