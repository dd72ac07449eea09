import { z } from "zod";
import { LONGEST_RUN_SECONDS } from "../contract/index.ts";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
type Unit = keyof typeof SECONDS;

/** A whole number of seconds, minutes, hours or days, up to 365 days: `30s`, `15m`, `4h`, `3d`. */
export const Duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}[smhd]$/, 'must be a whole number and a unit (s, m, h or d), such as "30s" or "4h"')
  .refine((text) => !(secondsOf(text) > LONGEST_RUN_SECONDS), "must be at most 365d, the longest run on AWS")
  .meta({
    id: "Duration",
    description: "A whole number of seconds, minutes, hours or days, up to 365 days: 30s, 15m, 4h, 3d.",
  });

export type Duration = z.output<typeof Duration>;

/** The seconds of a {@link Duration} that is well-formed. */
export function secondsOf(duration: string): number {
  return Number(duration.slice(0, -1)) * SECONDS[duration.slice(-1) as Unit];
}
