import { Temporal } from "temporal-polyfill";
import type { WorkingHours } from "../../definition/index.ts";

const MINUTE = 60_000;
/** Two years: more than 100 holidays, each on the only weekday on which people work, can hold up. */
const MOST_DAYS = 731;
const WEEKDAY: Readonly<Record<WorkingHours["days"][number], number>> = {
  mon: 1,
  tue: 2,
  wed: 3,
  thu: 4,
  fri: 5,
  sat: 6,
  sun: 7,
};

/**
 * The moment at which so many seconds of working time have passed. A moment is working time if the clocks of the zone
 * show it so: hours that a change of the clocks skips do not count, hours that it repeats count twice.
 *
 * @param from milliseconds since the epoch.
 * @param seconds more than 0.
 * @returns milliseconds since the epoch; the end of a day's hours rather than the beginning of the next.
 * @throws RangeError if that is two years away or more: never where `longestSpan` is at most the longest run.
 */
export function deadlineAfter(from: number, seconds: number, hours: WorkingHours): number {
  const first = Temporal.Instant.fromEpochMilliseconds(from).toZonedDateTimeISO(hours.zone).toPlainDate();
  let left = seconds * 1_000;
  for (let day = 0; day < MOST_DAYS; day += 1) {
    for (const [begin, end] of stretchesOf(first.add({ days: day }), hours)) {
      const start = Math.max(begin, from);
      if (start + left <= end) return start + left;
      left -= Math.max(end - start, 0);
    }
  }
  throw new RangeError(
    `${seconds} s of working time take two years or more: from ${hours.from} to ${hours.to} on ${hours.days.join(", ")} in ${hours.zone}, but for ${hours.holidays.length} holidays. Allow less time, or more hours.`,
  );
}

type Stretch = readonly [begin: number, end: number];

/** The working time of a date, in order: one stretch, or one a part of a day on which the clocks change. */
function stretchesOf(date: Temporal.PlainDate, hours: WorkingHours): Stretch[] {
  const works = hours.days.some((day) => WEEKDAY[day] === date.dayOfWeek);
  if (!works || hours.holidays.includes(date.toString())) return [];
  const midnight = date.toZonedDateTime("UTC").epochMilliseconds;
  return partsOf(date, hours.zone).flatMap(([begin, end, offset]) => {
    const opens = Math.max(begin, midnight + minutesOf(hours.from) * MINUTE - offset);
    const closes = Math.min(end, midnight + minutesOf(hours.to) * MINUTE - offset);
    return opens < closes ? [[opens, closes] as const] : [];
  });
}

type Part = readonly [begin: number, end: number, offset: number];

/** The parts of a day, in each of which the clocks are so many milliseconds ahead of UTC. */
function partsOf(date: Temporal.PlainDate, zone: string): Part[] {
  const end = date.add({ days: 1 }).toZonedDateTime(zone);
  const parts: Part[] = [];
  for (let begin = date.toZonedDateTime(zone); begin.epochMilliseconds < end.epochMilliseconds; ) {
    const change = begin.offsetNanoseconds === end.offsetNanoseconds ? null : begin.getTimeZoneTransition("next");
    const next = change !== null && change.epochMilliseconds < end.epochMilliseconds ? change : end;
    parts.push([begin.epochMilliseconds, next.epochMilliseconds, begin.offsetNanoseconds / 1e6]);
    begin = next;
  }
  return parts;
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}
