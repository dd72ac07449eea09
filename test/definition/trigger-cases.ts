import { agent, type Raw, task } from "./documents.ts";
import type { ProblemCase } from "./problem-case.ts";

const ORDERED = { id: "o-1", total: 1, due: "2026-01-31T06:00:00Z", lines: [], tags: [] };
export const nightly = (changes: Raw = {}): Raw => ({
  name: "nightly",
  schedule: "cron(0 6 ? * MON-FRI *)",
  input: { ...ORDERED, due: "<aws.scheduler.scheduled-time>" },
  ...changes,
});
const triggers = (...list: Raw[]) => agent({ triggers: list });
const expression = (title: string, schedule: string, message: string): ProblemCase => ({
  title: `${title}: ${schedule}`,
  document: triggers(nightly({ schedule })),
  problem: { code: "invalid-shape", path: "triggers[0].schedule", message },
});

const RATE = "must be a whole number and minutes, hours or days, such as rate(1 hour) or rate(5 minutes)";
const TIME = "must be a time without a zone, such as at(2030-01-31T06:00:00); the zone is timezone";
const FIELDS =
  "must have six fields (minutes hours day-of-month month day-of-week year), such as cron(0 6 ? * MON-FRI *)";
const ONE_DAY = "either day-of-month or day-of-week must be ?, and not both";
const field = (name: string, range: string) => `${name} must be of ${range}, as EventBridge Scheduler takes them`;

/** Schedules that EventBridge Scheduler would refuse; JSON Schema cannot say so. */
export const SCHEDULE_CASES: readonly ProblemCase[] = [
  expression("a rate of nothing", "rate(0 hours)", RATE),
  expression("a rate in the singular", "rate(5 minute)", RATE),
  expression("a rate in seconds", "rate(30 seconds)", RATE),
  expression("a time that there is not", "at(2026-02-30T06:00:00)", TIME),
  expression("a time with a zone", "at(2026-01-31T06:00:00Z)", TIME),
  expression("a cron of five fields, as on Unix", "cron(0 6 * * 1)", FIELDS),
  expression("a minute that there is not", "cron(60 6 ? * * *)", field("minutes", "0 to 59")),
  expression("an hour backwards", "cron(0 9-6 ? * * *)", field("hours", "0 to 23")),
  expression("a step of nothing", "cron(0/0 6 ? * * *)", field("minutes", "0 to 59")),
  expression("a day of no month", "cron(0 6 32 * ? *)", field("day-of-month", "1 to 31")),
  expression("a month that there is not", "cron(0 6 ? FOO * *)", field("month", "1 to 12 or JAN to DEC")),
  expression("a sixth Monday", "cron(0 6 ? * MON#6 *)", field("day-of-week", "1 to 7 or SUN to SAT")),
  expression("a day that there is not", "cron(0 6 ? * FOO#1 *)", field("day-of-week", "1 to 7 or SUN to SAT")),
  expression("a weekday counted from 0", "cron(0 6 ? * 0 *)", field("day-of-week", "1 to 7 or SUN to SAT")),
  expression("a year that has gone by", "cron(0 6 ? * * 1969)", field("year", "1970 to 2199")),
  expression("both days", "cron(0 6 1 * MON *)", ONE_DAY),
  expression("neither day", "cron(0 6 ? * ? *)", ONE_DAY),
  {
    title: "a schedule in a zone that there is not",
    document: triggers(nightly({ timezone: "+02:00" })),
    problem: {
      code: "invalid-shape",
      path: "triggers[0].timezone",
      message: 'must be an IANA time zone, such as "Europe/Zurich"',
    },
  },
  {
    title: "an event with the source of schedules",
    document: triggers({ source: "holdfast.schedule", detailType: "nightly", dedupeBy: "id" }),
    problem: {
      code: "invalid-shape",
      path: "triggers[0].source",
      message: "holdfast.schedule is kept for schedules",
    },
  },
];

export const TRIGGER_CASES: readonly ProblemCase[] = [
  ...SCHEDULE_CASES,
  {
    title: "a trigger of no kind",
    document: triggers({ on: "push" }),
    problem: {
      code: "invalid-shape",
      path: "triggers[0]",
      message: "must be an event { source, detailType, dedupeBy } or a schedule { name, schedule, timezone, input }",
    },
  },
  {
    title: "a schedule that is none",
    document: triggers(nightly({ schedule: "every day" })),
    problem: {
      code: "invalid-shape",
      path: "triggers[0].schedule",
      message: 'must be like "rate(1 hour)", "cron(0 6 ? * MON-FRI *)" or "at(2030-01-31T06:00:00)"',
    },
  },
  {
    title: "a schedule whose input is a list",
    document: triggers(nightly({ input: [] })),
    problem: { code: "invalid-shape", path: "triggers[0].input", message: "must be an object: the run's input" },
  },
  {
    title: "two triggers for one event",
    document: triggers(
      { source: "shop", detailType: "Ordered", dedupeBy: "id" },
      { source: "shop", detailType: "Ordered", dedupeBy: "total" },
    ),
    problem: {
      code: "duplicate-name",
      path: "triggers[1]",
      message: "Another trigger is for shop Ordered already. An event starts one run: remove one of them.",
    },
  },
  {
    title: "two schedules of one name",
    document: triggers(nightly(), nightly({ schedule: "rate(1 day)" })),
    problem: {
      code: "duplicate-name",
      path: "triggers[1].name",
      message: "Another schedule is called nightly already. Choose another name.",
    },
  },
  {
    title: "a schedule whose input the agent does not take",
    document: triggers(nightly({ input: { ...ORDERED, lines: [{ sku: 7 }] } })),
    problem: {
      code: "schedule-input-invalid",
      path: "triggers[0].input.lines[0].sku",
      message:
        'This is not what the agent takes: Instance type "number" is invalid. Expected "string". Every run of the schedule would be refused.',
    },
  },
];

const needs = (title: string, need: Raw, path: string, message: string): ProblemCase => ({
  title,
  document: agent({ steps: [task({ needs: [need] })] }),
  problem: { code: "invalid-shape", path: `steps[0].needs[0]${path}`, message },
});
const NAME = (example: string) => `must be a name of AWS, without wildcards, such as "${example}"`;

export const NEED_CASES: readonly ProblemCase[] = [
  needs(
    "a need of no kind",
    { printer: "laser" },
    "",
    "must be one of { bucket, prefix, access }, { secret }, { parameter }, { model }, { guardrail }, { queue }, { topic }, { table, access }, { function }",
  ),
  needs(
    "every bucket",
    { bucket: "shop-*", access: "read" },
    ".bucket",
    "must be the name of an S3 bucket, without wildcards",
  ),
  needs(
    "a prefix of others",
    { bucket: "shop", prefix: "${aws:userid}/", access: "read" },
    ".prefix",
    "must not hold *, ? or $",
  ),
  needs("every secret", { secret: "*" }, ".secret", NAME("shop/erp")),
  needs("every parameter below", { parameter: "/shop/*" }, ".parameter", NAME("/shop/limit")),
  needs("every model", { model: "anthropic.*" }, ".model", NAME("eu.amazon.nova-pro-v1:0")),
  needs("a queue by its ARN", { queue: "arn:aws:sqs:eu-west-1:1:orders" }, ".queue", NAME("shop-orders")),
  needs("a topic of another account", { topic: "1:news" }, ".topic", NAME("shop-news")),
  needs("every function", { function: "shop-*" }, ".function", NAME("shop-prices")),
  needs("a table without what for", { table: "stock" }, ".access", 'Invalid option: expected one of "read"|"write"'),
  {
    title: "no invocation at a time",
    document: agent({ steps: [task({ reservedConcurrency: 0 })] }),
    problem: {
      code: "invalid-shape",
      path: "steps[0].reservedConcurrency",
      message: "Too small: expected number to be >=1",
    },
  },
];
