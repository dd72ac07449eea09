import { z } from "zod";
import { isObject, type JsonObject, SCHEDULE_SOURCE } from "../contract/index.ts";
import { ScheduleExpression } from "./schedule-expression.ts";
import { NAME } from "./step-parts.ts";
import { TimeZone } from "./time-zone.ts";

export const EventTrigger = z
  .strictObject({
    source: z
      .string()
      .min(1)
      .max(256)
      .refine((source) => source !== SCHEDULE_SOURCE, `${SCHEDULE_SOURCE} is kept for schedules`),
    detailType: z.string().min(1).max(128),
    dedupeBy: z.string().min(1).describe("Property of the input: events with the same value start one run."),
  })
  .meta({ id: "EventTrigger" });
export type EventTrigger = z.output<typeof EventTrigger>;

export const ScheduleTrigger = z
  .strictObject({
    name: z
      .string()
      .max(40)
      .regex(NAME, "must be kebab-case")
      .describe("Tells the agent's schedules apart. A schedule of the same name starts one run for each time."),
    schedule: ScheduleExpression,
    timezone: TimeZone.default("UTC").describe("IANA time zone of cron and at."),
    input: z.custom<JsonObject>(isObject, { error: "must be an object: the run's input" }).meta({
      type: "object",
      description: "The run's input. <aws.scheduler.scheduled-time> in it stands for the time.",
    }),
  })
  .meta({ id: "ScheduleTrigger" });
export type ScheduleTrigger = z.output<typeof ScheduleTrigger>;

/** What starts a run. */
export const Trigger = z.union(
  [EventTrigger, ScheduleTrigger],
  "must be an event { source, detailType, dedupeBy } or a schedule { name, schedule, timezone, input }",
);
export type Trigger = z.output<typeof Trigger>;

export const isSchedule = (trigger: Trigger): trigger is ScheduleTrigger => "schedule" in trigger;

/** Source and detail type of the events that a trigger takes. */
export const eventOf = (trigger: Trigger): Pick<EventTrigger, "source" | "detailType"> =>
  isSchedule(trigger) ? { source: SCHEDULE_SOURCE, detailType: trigger.name } : trigger;
