import { moment, span } from "./moments.ts";
import { isWork, timeScale } from "./report/time-scale.ts";
import { toldOf, type Waterfall, type WaterfallSegment } from "./report/waterfall.ts";
import { printable, type Terminal } from "./terminal.ts";
import { cut, padded, textWidth } from "./text-width.ts";

/** Where no terminal says how wide it is. */
const WIDTH = 120;
const NARROWEST_BAR = 10;
const GAP = "  ";

/** A trace for people: what took how long, one line each, indented below what it is a part of. */
export function printTrace(
  { colors, columns = WIDTH }: Terminal,
  { runId, startedAt, ms, ...trace }: Waterfall,
): string {
  const { segments, traceIds } = trace;
  if (startedAt === null) return "No segments.";
  const { at, isShortened } = timeScale(segments.filter(isWork), ms);
  const rows = segments.map((segment) => ({
    segment,
    name: labelOf(segment),
    took: span(segment.ms),
    told: printable(toldOf(segment)),
  }));
  const widest = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
  const tookWidth = widest(rows.map(({ took }) => took));
  const toldWidth = Math.min(widest(rows.map(({ told }) => told)), Math.floor(columns / 3));
  const nameWidth = Math.min(widest(rows.map(({ name }) => name)), Math.floor((2 * columns) / 5));
  const barWidth = Math.max(NARROWEST_BAR, columns - nameWidth - tookWidth - toldWidth - 3 * GAP.length);
  const lines = rows.map(({ segment, name, took, told }) => {
    const paint = { completed: colors.cyan, failed: colors.red, "in-progress": colors.yellow }[segment.status];
    const bar = barOf(at(segment.start), at(segment.start + segment.ms), barWidth, segment);
    const shown = [padded(cut(name, nameWidth), nameWidth), paint(bar), took.padStart(tookWidth)];
    return [...shown, segment.error === null ? colors.dim(cut(told, toldWidth)) : colors.red(cut(told, toldWidth))]
      .join(GAP)
      .trimEnd();
  });
  const note = isShortened ? "; time in which nothing is done is drawn short" : "";
  return [
    `${colors.bold(runId)}  ${colors.dim(`${moment(startedAt)}, ${span(ms)}${note}`)}`,
    colors.dim(`trace ${printable(traceIds.join(", "))}`),
    "",
    ...lines,
  ].join("\n");
}

const labelOf = ({ depth, name }: WaterfallSegment) => `${"  ".repeat(depth)}${printable(name)}`;

/** @param start and `end` from 0 to 1. */
function barOf(start: number, end: number, width: number, segment: WaterfallSegment): string {
  const from = Math.min(Math.floor(start * width), width - 1);
  const length = Math.max(1, Math.round(end * width) - from);
  return padded(" ".repeat(from) + (isWork(segment) ? "█" : "─").repeat(Math.min(length, width - from)), width);
}
