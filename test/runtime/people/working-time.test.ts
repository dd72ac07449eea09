import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { longestSpan, WEEKDAYS, type WorkingHours } from "../../../lib/definition/working-hours.ts";
import { deadlineAfter } from "../../../lib/runtime/people/working-time.ts";

const MINUTE = 60_000;
const HOUR = 3_600;
const WEEK = 7 * 86_400;

const OFFICE: WorkingHours = {
  zone: "Europe/Zurich",
  days: ["mon", "tue", "wed", "thu", "fri"],
  from: "09:00",
  to: "17:00",
  holidays: [],
};
const always = (zone: string): WorkingHours => ({ ...OFFICE, zone, days: [...WEEKDAYS], from: "00:00", to: "24:00" });
const nights = (zone: string): WorkingHours => ({ ...always(zone), from: "00:00", to: "04:00" });
const newYork = { ...OFFICE, zone: "America/New_York" };

type Case = readonly [title: string, hours: WorkingHours, from: string, seconds: number, deadline: string];
const CASES: readonly Case[] = [
  ["within a day", OFFICE, "2026-01-14T10:00:00+01:00", 4 * HOUR, "2026-01-14T14:00:00+01:00"],
  ["to the second", OFFICE, "2026-01-14T10:00:00.001+01:00", 1, "2026-01-14T10:00:01.001+01:00"],
  ["until the end of the day", OFFICE, "2026-01-14T10:00:00+01:00", 7 * HOUR, "2026-01-14T17:00:00+01:00"],
  ["a second longer", OFFICE, "2026-01-14T10:00:00+01:00", 7 * HOUR + 1, "2026-01-15T09:00:01+01:00"],
  ["from before the hours", OFFICE, "2026-01-14T03:00:00+01:00", HOUR, "2026-01-14T10:00:00+01:00"],
  ["from after the hours", OFFICE, "2026-01-14T20:00:00+01:00", HOUR, "2026-01-15T10:00:00+01:00"],
  ["from their end", OFFICE, "2026-01-14T17:00:00+01:00", HOUR, "2026-01-15T10:00:00+01:00"],
  ["over the weekend", OFFICE, "2026-01-16T16:00:00+01:00", 4 * HOUR, "2026-01-19T12:00:00+01:00"],
  ["from the weekend", OFFICE, "2026-01-17T12:00:00+01:00", 8 * HOUR, "2026-01-19T17:00:00+01:00"],
  ["over three weeks", OFFICE, "2026-01-14T10:00:00+01:00", 120 * HOUR, "2026-02-04T10:00:00+01:00"],
  [
    "over holidays, of which one is twice in the list and one a Saturday",
    { ...OFFICE, holidays: ["2026-12-25", "2026-12-26", "2026-12-25", "2027-01-01"] },
    "2026-12-24T16:00:00+01:00",
    2 * HOUR,
    "2026-12-28T10:00:00+01:00",
  ],
  [
    "over a holiday of another zone than UTC",
    { ...always("Pacific/Auckland"), holidays: ["2026-02-06"] },
    "2026-02-05T10:00:00Z",
    2 * HOUR,
    "2026-02-06T12:00:00Z",
  ],
  ["a weekend of DST in Zurich", OFFICE, "2026-03-27T16:00:00+01:00", 2 * HOUR, "2026-03-30T10:00:00+02:00"],
  ["a weekend of DST in New York", newYork, "2026-10-30T16:00:00-04:00", 2 * HOUR, "2026-11-02T10:00:00-05:00"],
  [
    "over a day of 23 hours",
    always("America/New_York"),
    "2026-03-08T00:00:00-05:00",
    24 * HOUR,
    "2026-03-09T05:00:00Z",
  ],
  [
    "a night an hour shorter",
    nights("Europe/Zurich"),
    "2026-03-28T23:00:00+01:00",
    4 * HOUR,
    "2026-03-30T01:00:00+02:00",
  ],
  [
    "a night an hour longer",
    nights("Europe/Zurich"),
    "2026-10-24T23:00:00+02:00",
    5 * HOUR,
    "2026-10-25T04:00:00+01:00",
  ],
  [
    "hours that DST skips",
    { ...nights("America/New_York"), from: "02:00", to: "03:00" },
    "2026-03-08T05:00:00Z",
    HOUR,
    "2026-03-09T07:00:00Z",
  ],
  [
    "hours that begin where DST skips",
    { ...nights("America/New_York"), from: "02:30" },
    "2026-03-08T05:00:00Z",
    HOUR,
    "2026-03-08T08:00:00Z",
  ],
  [
    "hours that end twice",
    { ...nights("America/New_York"), to: "01:30" },
    "2026-11-01T00:00:00-04:00",
    2 * HOUR,
    "2026-11-01T01:30:00-05:00",
  ],
  [
    "the last hour of a day, twice",
    { ...nights("America/Santiago"), from: "23:00", to: "24:00" },
    "2026-04-04T22:00:00-03:00",
    2 * HOUR,
    "2026-04-05T00:00:00-04:00",
  ],
];

describe("so much working time has passed", () => {
  test.each(CASES)("%s", (_, hours, from, seconds, deadline) => {
    const found = deadlineAfter(Date.parse(from), seconds, hours);
    expect(new Date(found).toISOString()).toBe(new Date(deadline).toISOString());
  });

  test("never, if that takes years", () => {
    const hour: WorkingHours = { ...OFFICE, days: ["mon"], from: "09:00", to: "10:00" };
    expect(() => deadlineAfter(0, 200 * HOUR, hour)).toThrow(
      new RangeError(
        "720000 s of working time take two years or more: from 09:00 to 10:00 on mon in Europe/Zurich, but for 0 holidays. Allow less time, or more hours.",
      ),
    );
    expect(longestSpan(200 * HOUR, hour)).toBeGreaterThan(2 * 365 * 86_400);
  });

  test("however many holidays a list can hold", () => {
    const mondays = Array.from({ length: 100 }, (_, week) => new Date(Date.UTC(2026, 0, 5 + 7 * week)));
    const holidays = mondays.map((monday) => monday.toISOString().slice(0, 10));
    const hours: WorkingHours = { ...OFFICE, zone: "UTC", days: ["mon"], holidays };
    expect(new Date(deadlineAfter(Date.UTC(2026, 0, 1), HOUR, hours)).toISOString()).toBe("2027-12-06T10:00:00.000Z");
    const year = { ...hours, holidays: holidays.slice(0, 50) };
    expect(longestSpan(HOUR, hours)).toBeGreaterThan(365 * 86_400);
    expect(longestSpan(HOUR, year)).toBeLessThan(365 * 86_400);
  });
});

/** Where clocks change at odd hours, by odd amounts, on odd days, or never. */
const ZONES = [
  ...["Europe/Zurich", "America/New_York", "America/Santiago", "America/Havana", "Australia/Lord_Howe"],
  ...["Antarctica/Troll", "Africa/Casablanca", "Africa/Cairo", "Asia/Beirut", "Asia/Kolkata", "Pacific/Chatham", "UTC"],
];
/** Days near which clocks change somewhere. */
const CHANGES = ["2026-02-14", "2026-03-07", "2026-03-28", "2026-04-04", "2026-04-24", "2026-09-05", "2026-10-24"];

const time = (least: number, most: number) =>
  fc.integer({ min: least, max: most }).map((quarters) => {
    const [hour, minute] = [Math.floor(quarters / 4), (quarters % 4) * 15];
    return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  });
const dayFrom = (first: string, most: number) =>
  fc.integer({ min: 0, max: most }).map((days) => Date.parse(first) + days * 24 * 60 * MINUTE);
const dates = (first: string, days: number, most: number) =>
  fc.array(
    dayFrom(first, days).map((day) => new Date(day).toISOString().slice(0, 10)),
    { maxLength: most },
  );
const workingHours = (shortest: number, holidays: fc.Arbitrary<string[]>): fc.Arbitrary<WorkingHours> =>
  fc
    .tuple(fc.integer({ min: 0, max: 96 - shortest }), fc.integer({ min: shortest, max: 96 }))
    .map(([from, length]) => [from, Math.min(96, from + length)] as const)
    .chain(([from, to]) =>
      fc.record({
        zone: fc.constantFrom(...ZONES),
        days: fc.uniqueArray(fc.constantFrom(...WEEKDAYS), { minLength: 1 }),
        from: time(from, from),
        to: time(to, to),
        holidays,
      }),
    );

/** Counts minutes, and looks at the clock of the zone on every quarter: hours begin and end there, and clocks change there. */
function deadlineByTheClock(from: number, minutes: number, { zone, days, holidays, ...hours }: WorkingHours): number {
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  const isWorked = (now: number) => {
    const [date = "", shown = ""] = clock.format(now).split(" ");
    const weekday = WEEKDAYS[(new Date(date).getUTCDay() + 6) % 7] ?? "mon";
    return hours.from <= shown && shown < hours.to && days.includes(weekday) && !holidays.includes(date);
  };
  let now = from;
  let counts = isWorked(now);
  for (let left = minutes; left > 0; now += MINUTE) {
    if (now % (15 * MINUTE) === 0) counts = isWorked(now);
    if (counts) left -= 1;
  }
  return now;
}

test("the deadline is where a watched clock says", () => {
  const given = fc.constantFrom(...CHANGES).chain((first) =>
    fc.record({
      from: fc
        .tuple(dayFrom(first, 2), fc.integer({ min: 0, max: 1_439 }))
        .map(([day, minute]) => day + minute * MINUTE),
      minutes: fc.integer({ min: 1, max: 20 * 60 }),
      hours: workingHours(8, dates(first, 10, 3)),
    }),
  );
  fc.assert(
    fc.property(given, ({ from, minutes, hours }) => {
      expect(deadlineAfter(from, minutes * 60, hours)).toBe(deadlineByTheClock(from, minutes, hours));
    }),
    { numRuns: 200 },
  );
});

describe("the longest span", () => {
  const given = workingHours(1, dates("2026-01-01", 60, 30)).chain((hours) =>
    fc.record({
      hours: fc.constant(hours),
      from: fc.tuple(dayFrom("2025-12-01", 500), fc.integer({ min: 0, max: 86_399_999 })).map(([day, ms]) => day + ms),
      seconds: fc.integer({ min: 1, max: 40 * weekly({ ...hours, days: ["mon"] }) }),
    }),
  );
  const weekly = ({ from, to, days }: WorkingHours) =>
    days.length * ((Date.parse(`1970-01-01T${to}Z`) - Date.parse(`1970-01-01T${from}Z`)) / 1_000);

  test("is never exceeded", () => {
    fc.assert(
      fc.property(given, ({ hours, from, seconds }) => {
        expect(deadlineAfter(from, seconds, hours) - from).toBeLessThanOrEqual(longestSpan(seconds, hours) * 1_000);
      }),
      { numRuns: 300 },
    );
  });

  test("is at most two weeks above the average, which holidays make longer", () => {
    fc.assert(
      fc.property(given, ({ hours, seconds }) => {
        const workday = weekly({ ...hours, days: ["mon"] });
        const average = ((seconds + new Set(hours.holidays).size * workday) / weekly(hours)) * WEEK;
        expect(longestSpan(seconds, hours)).toBeLessThanOrEqual(average + 2 * WEEK);
      }),
      { numRuns: 500 },
    );
  });

  test("is the time itself where people always work, but for a change of the clocks", () => {
    expect(longestSpan(HOUR, always("UTC"))).toBe(3 * HOUR);
  });

  test("counts a holiday after another", () => {
    expect(longestSpan(HOUR, { ...always("UTC"), holidays: ["2026-01-01", "2026-01-02"] })).toBe(51 * HOUR);
  });

  test("counts the holidays that one span can touch, on days on which people work", () => {
    const holidays = ["2026-12-24", "2026-12-25", "2026-12-26", "2026-12-25", "2027-12-24", "2028-05-01"];
    const without = longestSpan(4 * HOUR, OFFICE);
    expect(without).toBe(longestSpan(4 * HOUR, { ...OFFICE, holidays: ["2026-12-26", "2026-12-27"] }));
    expect(longestSpan(4 * HOUR, { ...OFFICE, holidays })).toBe(longestSpan(20 * HOUR, OFFICE));
  });
});
