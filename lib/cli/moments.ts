/** A time as people read it: `2026-11-21 18:00:01Z`. */
export const moment = (iso: string): string => iso.replace("T", " ").replace(/\.\d+Z$/, "Z");

/** Times one below the other, to the millisecond, in UTC: the day only where it is another than before. */
export function moments(isos: readonly string[]): string[] {
  return isos.map((iso, index) => {
    const [day = "", time = ""] = iso.replace("Z", "").split("T");
    return isos[index - 1]?.startsWith(day) === true ? time : `${day} ${time}`;
  });
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
] as const;

/** How long something takes: `12 ms`, `3.4 s`, `5 min 10 s`, `3 d 4 h`. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const [index, [unit, length]] = [...UNITS.entries()].find(([, [, each]]) => ms >= each) ?? [2, UNITS[2]];
  const count = Math.floor(ms / length);
  const [lesser, lesserLength] = UNITS[index + 1] ?? ["s", 1_000];
  const rest = Math.floor((ms - count * length) / lesserLength);
  return rest === 0 ? `${count} ${unit}` : `${count} ${unit} ${rest} ${lesser}`;
}

/** When a time is, seen from now: `in 3 h 58 min`, `12 min ago`. */
export function fromNow(iso: string, now: number): string {
  const ms = Date.parse(iso) - now;
  return ms >= 0 ? `in ${span(ms)}` : `${span(-ms)} ago`;
}
