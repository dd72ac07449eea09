import { errorPage } from "./error-page.ts";
import { fromNow, moments, span } from "./moments.ts";
import type { ToldAttempt } from "./report/failed-tries.ts";
import type { Cause } from "./report/why/case.ts";
import type { Why } from "./report/why/why.ts";
import { statusColor } from "./status-color.ts";
import { table } from "./table.ts";
import { printable, type Terminal } from "./terminal.ts";
import { padded, wrapped } from "./text-width.ts";

const LABEL = 9;
const NO_TERMINAL = 100;
/** So many of the last attempts are shown. */
const MOST_TRIED = 12;

type Colors = Terminal["colors"];

/** One screen that says why a run stands where it stands. @param now in milliseconds since the epoch. */
export function printWhy({ colors, columns = NO_TERMINAL }: Terminal, why: Why, now: number): string {
  const width = Math.max(40, columns - LABEL - 2);
  const row = (label: string, lines: readonly string[]) =>
    lines.map((line, index) => `  ${colors.dim(padded(index === 0 ? label : "", LABEL))}${line}`);
  const words = (text: string) => wrapped(printable(text), width);
  const { cause, tried, next, act, survived } = why;
  return [
    `${colors.bold(why.runId)}  ${statusColor(colors, why.status)(why.status)}`,
    "",
    ...wrapped(printable(why.summary), width + LABEL).map((line) => `  ${line}`),
    "",
    ...(cause === null
      ? []
      : [
          ...row("class", [colors.red(printable(cause.class))]),
          ...row("cause", words(`${cause.code}: ${cause.message}`)),
          ...row("", pageOf(colors, cause.code)),
          ...row("where", words(placeOf(cause))),
        ]),
    ...(tried.length === 0 ? [] : row("tried", triedLines(colors, tried, now))),
    ...survived.flatMap((each, index) => {
      const what = `${each.path}, ${each.how} after ${each.classes.join(", ")}, ${each.attempts} attempts`;
      return row(index === 0 ? "survived" : "", words(what));
    }),
    ...row("next", words(next.at === null ? next.said : `${next.said} (${fromNow(next.at, now)})`)),
    ...act.flatMap(({ said, command }, index) => [
      ...row(index === 0 ? "do" : "", words(said)),
      ...(command === null ? [] : row("", [colors.cyan(printable(command))])),
    ]),
  ].join("\n");
}

function placeOf({ step, path, attempt }: Cause): string {
  if (path === "") return "before any step";
  const tried = attempt === 0 ? "never attempted" : `attempt ${attempt}`;
  return `step ${step}${path === step ? "" : `, path ${path}`}, ${tried}`;
}

function pageOf(colors: Colors, code: string): string[] {
  const page = errorPage(code);
  return page === null ? [] : [colors.dim(`see ${page}`)];
}

function triedLines(colors: Colors, tried: readonly ToldAttempt[], now: number): string[] {
  const left = Math.max(0, tried.length - MOST_TRIED);
  const last = tried.slice(left);
  const times = moments(last.map(({ startedAt }) => startedAt));
  const rows = last.map(({ attempt, startedAt, endedAt, outcome, error }, index) => [
    attempt,
    (times[index] ?? "").padStart(times[0]?.length ?? 0),
    span((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt)),
    error === null ? outcome : colors.red(printable(`${error.class} ${error.code}`)),
  ]);
  const [head = "", ...lines] = table(["attempt", "at", "took", "ended"], rows).split("\n");
  return [head, ...(left === 0 ? [] : [colors.dim(`… ${left} before`)]), ...lines];
}
