import type { JsonObject } from "./json.ts";

/** Source of the events that schedules send. No event of a bus may bear it. */
export const SCHEDULE_SOURCE = "holdfast.schedule";

/** What EventBridge Scheduler puts in its place: the time that the schedule was due, such as `2026-01-31T06:00:00Z`. */
export const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** The event of a schedule, shaped as those of a bus. One schedule starts one run for each `time`. */
export interface ScheduleEvent {
  /** New for each attempt. */
  readonly id: string;
  readonly source: typeof SCHEDULE_SOURCE;
  /** Name of the schedule. */
  readonly "detail-type": string;
  /** ISO 8601: when it was due. */
  readonly time: string;
  /** ARN of the schedule. */
  readonly resources: readonly [string];
  readonly detail: JsonObject;
}

/** What a schedule has EventBridge Scheduler send. */
export const scheduleEvent = (name: string, input: JsonObject): ScheduleEvent => ({
  id: "<aws.scheduler.execution-id>",
  source: SCHEDULE_SOURCE,
  "detail-type": name,
  time: SCHEDULED_TIME,
  resources: ["<aws.scheduler.schedule-arn>"],
  detail: input,
});
