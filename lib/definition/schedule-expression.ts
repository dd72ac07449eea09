import { z } from "zod";

const SHAPE = /^(rate|cron|at)\((.*)\)$/;
const EXAMPLES = '"rate(1 hour)", "cron(0 6 ? * MON-FRI *)" or "at(2030-01-31T06:00:00)"';

/**
 * When EventBridge Scheduler sends: `rate(value unit)`, `cron(minutes hours day-of-month month day-of-week year)` or, once,
 * `at(yyyy-mm-ddThh:mm:ss)`.
 *
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export const ScheduleExpression = z
  .string()
  .max(256)
  .regex(SHAPE, { error: `must be like ${EXAMPLES}`, abort: true })
  .refine((text) => problemOf(text) === undefined, { error: ({ input }) => problemOf(String(input)) })
  .meta({
    id: "ScheduleExpression",
    description:
      "rate(value unit), cron(minutes hours day-of-month month day-of-week year) or at(yyyy-mm-ddThh:mm:ss).",
  });

function problemOf(text: string): string | undefined {
  const [, kind, body = ""] = SHAPE.exec(text) ?? [];
  if (kind === "rate") return problemOfRate(body);
  return kind === "cron" ? problemOfCron(body) : problemOfTime(body);
}

function problemOfRate(body: string): string | undefined {
  const [, value, unit] = /^([1-9][0-9]{0,5}) (minute|hour|day)s?$/.exec(body) ?? [];
  const isSaidSo = body.endsWith("s") === (value !== "1");
  return unit !== undefined && isSaidSo
    ? undefined
    : "must be a whole number and minutes, hours or days, such as rate(1 hour) or rate(5 minutes)";
}

function problemOfTime(body: string): string | undefined {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body) ? Date.parse(`${body}Z`) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(body)
    ? undefined
    : "must be a time without a zone, such as at(2030-01-31T06:00:00); the zone is timezone";
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names of values, that of `least` first. */
  readonly names?: readonly string[];
  /** Whether it takes steps such as `0/15`. */
  readonly steps: boolean;
  /** What it takes besides values, ranges and lists. */
  readonly special?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const FIELDS: readonly Field[] = [
  { name: "minutes", least: 0, most: 59, steps: true },
  { name: "hours", least: 0, most: 23, steps: true },
  { name: "day-of-month", least: 1, most: 31, steps: true, special: /^(\?|L|([1-9]|[12][0-9]|3[01])W)$/ },
  { name: "month", least: 1, most: 12, names: MONTHS, steps: true },
  {
    name: "day-of-week",
    least: 1,
    most: 7,
    names: DAYS,
    steps: false,
    special: /^(\?|L|([1-7]|[A-Z]{3})L|([1-7]|[A-Z]{3})#[1-5])$/,
  },
  { name: "year", least: 1970, most: 2199, steps: true },
];

function problemOfCron(body: string): string | undefined {
  const texts = body.split(" ");
  if (texts.length !== FIELDS.length) {
    return "must have six fields (minutes hours day-of-month month day-of-week year), such as cron(0 6 ? * MON-FRI *)";
  }
  const wrong = FIELDS.find((field, index) => !isField(field, texts[index] ?? ""));
  if (wrong !== undefined) {
    const names = wrong.names === undefined ? "" : ` or ${wrong.names.at(0)} to ${wrong.names.at(-1)}`;
    return `${wrong.name} must be of ${wrong.least} to ${wrong.most}${names}, as EventBridge Scheduler takes them`;
  }
  return (texts[2] === "?") === (texts[4] === "?")
    ? "either day-of-month or day-of-week must be ?, and not both"
    : undefined;
}

function isField(field: Field, text: string): boolean {
  if (field.special?.test(text)) {
    const name = /[A-Z]{3}/.exec(text)?.[0];
    return name === undefined || (field.names ?? []).includes(name);
  }
  return text.split(",").every((part) => isPart(field, part));
}

function isPart(field: Field, part: string): boolean {
  const [, from = "", to, step] = /^(\*|[0-9]+|[A-Z]{3})(?:-([0-9]+|[A-Z]{3}))?(?:\/([0-9]+))?$/.exec(part) ?? [];
  if (step !== undefined && !(field.steps && Number(step) >= 1 && Number(step) <= field.most)) return false;
  if (from === "*") return to === undefined;
  const first = numberOf(field, from);
  const last = to === undefined ? first : numberOf(field, to);
  return first !== undefined && last !== undefined && first <= last;
}

function numberOf({ least, most, names = [] }: Field, text: string): number | undefined {
  const named = names.indexOf(text);
  const value = named >= 0 ? least + named : /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}
