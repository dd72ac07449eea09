import { usageError } from "./failure.ts";

const AGO = /^(\d{1,6})(s|m|h|d)$/;
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/;

/** Reads `24h`, counted back from now, or a time as ISO 8601. @returns ISO 8601 with milliseconds. @throws a usage error for what is neither. */
export function parseSince(text: string, now: number): string {
  const [, count, unit] = AGO.exec(text) ?? [];
  const time = unit === undefined ? timeOf(text) : now - Number(count) * SECONDS[unit as keyof typeof SECONDS] * 1_000;
  if (Number.isFinite(time) && time >= 0) return new Date(time).toISOString();
  throw usageError(
    "since-invalid",
    `--since ${JSON.stringify(text.slice(0, 80))} is no time. Say how long ago, such as 90s, 30m, 24h or 7d, or when: 2026-11-20 or 2026-11-20T08:00:00Z.`,
  );
}

/** NaN for what is no time; JavaScript itself takes the 31st of February for a day of March. */
function timeOf(text: string): number {
  const day = text.slice(0, 10);
  const isDay = TIME.test(text) && Number.isFinite(Date.parse(day)) && new Date(day).toISOString().startsWith(day);
  return isDay ? Date.parse(text) : Number.NaN;
}
