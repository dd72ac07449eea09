import { fromNow, moment, moments, span } from "./moments.ts";
import { isGoingOn } from "./print-report.ts";
import { decideCommand } from "./report/decide-command.ts";
import type { RunReport } from "./report/run-report.ts";
import type { TimelineEntry } from "./report/timeline.ts";
import { statusColor } from "./status-color.ts";
import { oneLine, printable, type Terminal } from "./terminal.ts";
import { cut, padded, textWidth } from "./text-width.ts";

const NO_TERMINAL = Number.POSITIVE_INFINITY;
const LABEL = 9;
/** So much of the timeline is shown; `--json` has all of it. */
const MOST_ENTRIES = 200;

interface Surroundings {
  readonly isElsewhere: boolean;
  readonly stack?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A run for people: what happened in it and when, where it stands, what follows, and what it has cost. */
export function printRun(terminal: Terminal, report: RunReport, surroundings: Surroundings): string {
  const { colors } = terminal;
  const { runId, status, error, output } = report;
  const { now } = surroundings;
  return [
    `${colors.bold(runId)}  ${statusColor(colors, status)(status)}  ${colors.dim(timesOf(report, now))}`,
    "",
    ...timelineLines(terminal, report.timeline),
    "",
    ...row(
      terminal,
      "error",
      error === null ? [] : [`${colors.red(printable(error.class))} ${oneLine(`${error.code}: ${error.message}`)}`],
    ),
    ...row(terminal, "output", status === "completed" ? [printable(JSON.stringify(output))] : []),
    ...row(terminal, "now at", report.position.length === 0 ? [] : [printable(report.position.join(", "))]),
    ...row(terminal, "then", report.next.length === 0 ? [] : [report.next.join(", ")]),
    ...row(terminal, "", isGoingOn(report) ? [goingOn(report, surroundings)] : []),
    ...row(
      terminal,
      "waits for",
      report.escalations.flatMap((each) => waitingLines(each, surroundings)),
    ),
    ...row(terminal, "cost", costLines(report)),
    ...row(terminal, "see also", [`npx holdfast why ${runId}${ofStack(surroundings)}`]),
  ].join("\n");
}

const UNDER_WAY = "under way; look again with npx holdfast show";
const NOT_UNDER_WAY = "not under way in any process; continue it with npx holdfast resume";

function goingOn({ waitsUntil }: RunReport, { isElsewhere, now }: Surroundings): string {
  const until = waitsUntil === null ? "" : `waits until ${moment(waitsUntil)} (${fromNow(waitsUntil, now)}); `;
  return `${until}${isElsewhere ? UNDER_WAY : NOT_UNDER_WAY}`;
}

const ofStack = ({ stack }: Surroundings) => (stack === undefined ? "" : ` --stack ${stack}`);

const row = ({ colors }: Terminal, label: string, lines: readonly string[]): string[] =>
  lines.map((line, index) => `  ${colors.dim(padded(index === 0 ? label : "", LABEL))} ${line}`);

function timesOf({ startedAt, endedAt }: RunReport, now: number): string {
  if (startedAt === null) return "";
  const took = span((endedAt === null ? now : Date.parse(endedAt)) - Date.parse(startedAt));
  return `${moment(startedAt)}, ${endedAt === null ? `for ${took}` : `took ${took}`}`;
}

const MARKS = { completed: "✓", failed: "✗", paused: "‖", running: "▸", waiting: "…" } as const;

function timelineLines({ colors, columns = NO_TERMINAL }: Terminal, entries: readonly TimelineEntry[]): string[] {
  const left = Math.max(0, entries.length - MOST_ENTRIES);
  const shown = entries.slice(left);
  const again = repeatsIn(entries);
  const times = moments(shown.map((entry) => entry.at));
  const cells = shown.map((entry, index) => ({
    entry,
    at: (times[index] ?? "").padStart(times[0]?.length ?? 0),
    what: printable(`${entry.path || "the run"}${again.has(entry) ? `, attempt ${again.get(entry)}` : ""}`),
    took: entry.ms === null ? "" : span(entry.ms),
  }));
  const widest = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
  const [at, what, took] = [
    widest(cells.map((c) => c.at)),
    widest(cells.map((c) => c.what)),
    widest(cells.map((c) => c.took)),
  ];
  const room = Math.max(20, columns - at - what - took - 12);
  return [
    ...(left === 0 ? [] : [colors.dim(`  … ${left} entries before; --json has all`)]),
    ...cells.map((cell) => {
      const { entry } = cell;
      const detail = cut(oneLine(detailOf(entry)), room);
      const line = `  ${colors.dim(padded(cell.at, at))}  ${markOf(colors, entry)} ${padded(cell.what, what)}  ${padded(cell.took, took)}  ${detail}`;
      return line.trimEnd();
    }),
  ];
}

/** The attempts at a step that are not its first, with which they are, however often its state was entered. */
function repeatsIn(entries: readonly TimelineEntry[]): ReadonlyMap<TimelineEntry, number> {
  const counts = new Map<string, number>();
  const repeats = new Map<TimelineEntry, number>();
  for (const entry of entries) {
    if (entry.kind !== "attempt") continue;
    const count = (counts.get(entry.path) ?? 0) + 1;
    counts.set(entry.path, count);
    if (count > 1) repeats.set(entry, count);
  }
  return repeats;
}

function markOf(colors: Terminal["colors"], { outcome }: TimelineEntry): string {
  if (outcome === null) return colors.cyan("◆");
  const paint = { completed: colors.green, failed: colors.red }[String(outcome)] ?? colors.yellow;
  return paint(MARKS[outcome]);
}

function detailOf({ kind, outcome, said, error }: TimelineEntry): string {
  const told =
    error === null ? "" : outcome === "paused" ? error.code : `${error.class} ${error.code}: ${error.message}`;
  return [kind === "attempt" || kind === "wait" ? "" : `${kind}:`, said ?? "", told].filter(Boolean).join(" ");
}

function waitingLines(asked: RunReport["escalations"][number], { stack, now }: Surroundings): string[] {
  const { step, audience, deadline, decisions } = asked;
  return [
    `${audience} about ${step} until ${moment(deadline)} (${fromNow(deadline, now)}): ${decisions.join(", ")}`,
    decideCommand(asked, decisions[0], stack),
  ].map(printable);
}

function costLines({ cost }: RunReport): string[] {
  const { counts, tokens } = cost;
  const figure = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: 2 });
  const usd = (value: number) => `${value.toLocaleString("en-US", { maximumSignificantDigits: 3 })} USD`;
  const spent =
    cost.actionsUsd > 0 || tokens > 0
      ? `, of which actions spent ${usd(cost.actionsUsd)} and ${figure(tokens)} tokens`
      : "";
  return [
    `${usd(cost.totalUsd)} by list price${spent}`,
    `${figure(counts.transitions)} transitions, ${figure(counts.invocations)} invocations, ${figure(counts.gigabyteSeconds)} GB-s, ${figure(counts.storeWrites)} writes, ${figure(counts.indexWrites)} index writes, ${figure(counts.storeReads)} reads`,
  ];
}
