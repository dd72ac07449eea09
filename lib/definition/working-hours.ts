import { z } from "zod";
import { TimeZone } from "./time-zone.ts";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const TIME = /^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$/;
const time = z.string().regex(TIME, 'must be a time such as "08:30", at most "24:00"');

/** When people work, in the time of a place. */
export const WorkingHours = z
  .strictObject({
    zone: TimeZone,
    days: z.array(z.enum(WEEKDAYS)).min(1).default(["mon", "tue", "wed", "thu", "fri"]),
    from: time.default("09:00"),
    to: time.default("17:00"),
    holidays: z.array(z.iso.date()).max(100).default([]).describe("Days on which nobody works, YYYY-MM-DD."),
  })
  .refine(({ from, to }) => from < to, { error: "must end after they begin, on the same day", path: ["to"] })
  .meta({ id: "WorkingHours" });
export type WorkingHours = z.output<typeof WorkingHours>;

const DAY = 86_400;
/** By how much clocks change at most, in Antarctica/Troll. */
const CLOCK_CHANGE = 7_200;
/** Clocks go forward once in so long, or more seldom: in Morocco once a lunar year. */
const CLOCKS_KEPT = 300 * DAY;

/**
 * An upper bound, in seconds, of the time that so many seconds of working time take, whenever they begin. It is the
 * longest without holidays and changes of the clocks, once what these can take out of a span so long is added.
 */
export function longestSpan(seconds: number, hours: WorkingHours): number {
  const days = WEEKDAYS.flatMap((day, index) => (hours.days.includes(day) ? [index] : []));
  const workday = secondsInto(hours.to) - secondsInto(hours.from);
  const holidays = [...new Set(hours.holidays)].map(dayNumber).filter((day) => days.includes(weekdayOf(day)));
  for (let span = 0; ; ) {
    const changes = Math.floor(span / CLOCKS_KEPT) + 1;
    const lost = mostWithin(span, holidays) * workday + changes * Math.min(workday, CLOCK_CHANGE);
    const longer = undisturbedSpan(seconds + lost, workday, days);
    if (longer <= span) return span;
    span = longer;
  }
}

/** The longest begins at the end of a workday. */
function undisturbedSpan(seconds: number, workday: number, days: readonly number[]): number {
  const needed = Math.ceil(seconds / workday);
  const dayAt = (index: number) => 7 * Math.floor(index / days.length) + (days[index % days.length] ?? 0);
  const longest = Math.max(...days.map((day, index) => dayAt(index + needed) - day));
  return longest * DAY - (needed * workday - seconds);
}

/** How many of the days a span can touch at most. */
function mostWithin(span: number, days: readonly number[]): number {
  const touched = (first: number) =>
    days.filter((day) => day >= first && (day - first - 1) * DAY < span + CLOCK_CHANGE);
  return Math.max(0, ...days.map((first) => touched(first).length));
}

function secondsInto(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? 0) * 3_600 + (minutes ?? 0) * 60;
}

/** Days since the epoch. */
const dayNumber = (date: string) => Date.parse(date) / (DAY * 1_000);
/** As in {@link WEEKDAYS}: the epoch began on a Thursday. */
const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7;
