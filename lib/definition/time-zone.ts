import { z } from "zod";

/** The name of a time zone. */
export const TimeZone = z.string().refine(isZone, 'must be an IANA time zone, such as "Europe/Zurich"');

function isZone(name: string): boolean {
  // Some versions of Node know offsets such as "+02:00" as well; AWS does not.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
