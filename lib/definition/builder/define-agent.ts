import { type AgentSource, FORMAT_VERSION } from "../document.ts";
import type { Outcome } from "../policies.ts";
import type { TaskStep } from "../work-steps.ts";
import { type AnyFlow, Flow } from "./flow.ts";
import type { AgentOptions } from "./options.ts";
import { jsonSchemaOf, type Schema, type TypeOf } from "./schema.ts";
import { type AnyTools, toolSources, type WithTools } from "./tools.ts";

/** Begins the declaration of an agent; its steps follow by method. @throws TypeError for a schema that JSON Schema cannot express. */
export function defineAgent<Input extends Schema, const Tools extends AnyTools = Record<never, never>>({
  input,
  tools,
  ...head
}: AgentOptions<Input, Tools>): Flow<WithTools<Tools> & { input: TypeOf<Input> }> {
  const declared = tools === undefined ? {} : { tools: toolSources(tools) };
  return new Flow({
    head: { ...head, ...declared, holdfast: FORMAT_VERSION, input: jsonSchemaOf(input) },
    steps: [],
  });
}

/** The plain document of a declared agent: the same that a YAML file would hold. It is not checked yet. */
export function documentOf(agent: AnyFlow): AgentSource {
  const { head, steps, output } = agent.parts;
  if (head === undefined) throw new TypeError("This is a part of an agent. Begin the declaration with defineAgent.");
  return JSON.parse(JSON.stringify({ ...head, steps, output })) as AgentSource;
}

type TriggerSource = NonNullable<AgentSource["triggers"]>[number];
type EventSource = Extract<TriggerSource, { dedupeBy: string }>;
type ScheduleSource = Extract<TriggerSource, { schedule: string }>;
type LadderSource = NonNullable<AgentSource["escalations"]>[string];
type TierSource = LadderSource["tiers"][number];

/** An event of the platform's bus starts a run; events with the same value of `dedupeBy` start one. */
export const onEvent = (trigger: EventSource): EventSource => trigger;

/** A schedule starts a run for each time that its expression names, however often it is delivered. */
export const onSchedule = (trigger: ScheduleSource): ScheduleSource => trigger;

export const tier = (audience: string, options: Omit<TierSource, "audience">): TierSource => ({ audience, ...options });

/** @param options.otherwise what happens when every tier stays silent. Default: abort. */
export const ladder = (tiers: readonly TierSource[], options: Pick<LadderSource, "otherwise"> = {}): LadderSource => ({
  tiers: [...tiers],
  ...options,
});

export const escalate = (ladderName: string): Outcome => ({ escalate: ladderName });
export const continueWith = (output: Extract<Outcome, { continueWith: unknown }>["continueWith"]): Outcome => ({
  continueWith: output,
});

/** People of a ladder approve the very input of the step before it runs. */
export const approval = (ladderName: string): NonNullable<TaskStep["gate"]> => ({ ladder: ladderName });
/** Nobody approves; the declaration says why. */
export const ungated = (reason: string): NonNullable<TaskStep["gate"]> => ({ none: reason });
