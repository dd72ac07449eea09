import { z } from "zod";
import { Duration } from "./duration.ts";
import { JsonSchema, NAME, StepSchema } from "./steps.ts";
import { OutputSchema } from "./value.ts";

export const FORMAT_VERSION = 1;

/** One rung: who is asked, and how long they have before the next rung is asked. */
export const Tier = z
  .strictObject({
    audience: z.string().min(1).max(100).describe("Who is asked: a team, a role or an address."),
    within: Duration.describe("How long they have."),
  })
  .meta({ id: "Tier" });

export const Ladder = z
  .strictObject({
    tiers: z.array(Tier).min(1).max(5),
    otherwise: z
      .enum(["abort", "compensate"])
      .default("abort")
      .describe(
        "What happens when every tier stays silent: abort ends the run as failed and leaves completed writes as they are, compensate undoes them.",
      ),
  })
  .meta({ id: "Ladder" });
export type Ladder = z.output<typeof Ladder>;

export const EventTrigger = z
  .strictObject({
    source: z.string().min(1).max(256),
    detailType: z.string().min(1).max(128),
    dedupeBy: z.string().min(1).describe("Property of the input: events with the same value start one run."),
  })
  .meta({ id: "EventTrigger" });
export type EventTrigger = z.output<typeof EventTrigger>;

export const Budget = z
  .strictObject({
    usd: z.number().positive().optional(),
    tokens: z.int().positive().optional(),
    steps: z.int().positive().optional(),
    wallClock: Duration.optional(),
  })
  .meta({ id: "Budget" });
export type Budget = z.output<typeof Budget>;

/** The agent document: the versioned contract between declarations and everything that reads them. */
export const AgentDocument = z
  .strictObject({
    holdfast: z.literal(FORMAT_VERSION).describe("Version of this format."),
    name: z.string().max(40).regex(NAME, "must be kebab-case"),
    purpose: z.string().min(1).max(500),
    owners: z.strictObject({ business: z.string().min(1), service: z.string().min(1) }).optional(),
    success: z.array(z.strictObject({ metric: z.string().min(1), atLeast: z.number() })).default([]),
    input: JsonSchema.describe("Schema of the event's detail."),
    triggers: z.array(EventTrigger).default([]),
    budget: Budget.default({}),
    escalations: z.record(z.string().max(40).regex(NAME, "must be kebab-case"), Ladder).default({}),
    defaultLadder: z.string().optional().describe("Needed where several ladders are declared."),
    steps: z.array(StepSchema).min(1),
    output: OutputSchema.optional().describe("The run's output."),
  })
  .meta({ id: "AgentDocument", title: "Holdfast agent" });
export type AgentDocument = z.output<typeof AgentDocument>;
/** The same as written by hand: what has a default may be left out. */
export type AgentSource = z.input<typeof AgentDocument>;

/** The ladder that failures and unset gates go to: the declared default, else the only one there is. */
export function defaultLadder(agent: Pick<AgentDocument, "escalations" | "defaultLadder">): string | undefined {
  if (agent.defaultLadder !== undefined) return agent.defaultLadder;
  const names = Object.keys(agent.escalations);
  return names.length === 1 ? names[0] : undefined;
}
