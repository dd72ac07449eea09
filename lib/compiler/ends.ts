import { ErrorClass } from "../contract/index.ts";
import { jsonata } from "./expression.ts";
import { bounded } from "./names.ts";
import type { Region } from "./region.ts";
import { recording } from "./trail.ts";

/** Where completed writes are undone and the run is given up. Inner regions leave the undoing to the machine itself. */
export function abandonEntry(region: Region): string {
  const { undoable, lasting } = region.writes;
  if (!region.isTop || undoable.length + lasting.length === 0) return recordedFirst(region, abandonedEntry(region));
  region.abandons = true;
  return "compensate";
}

/** What the end of a run tells of its incident: not the request, which can be too long for a cause. */
const TOLD = ["kind", "step", "path", "error", "cause", "attempts", "entered"];

/** These parts of a region's incident, as bare JSONata; what it has nothing of is left out. */
export const incidentIn = (region: Region, keys: readonly string[]) =>
  `{${keys.map((key) => `"${key}": $${region.variable("incident")}.${key}`).join(", ")}}`;

const told = (region: Region) => `$string(${incidentIn(region, TOLD)})`;

/** The end of a run that was given up, and whose decisions are kept. */
export function abandonedEntry(region: Region): string {
  const name = region.stateName("abandoned");
  region.add(name, { Type: "Fail", Error: ErrorClass.Abandoned, Cause: jsonata(told(region)) });
  return name;
}

/**
 * The end of a run that failed, under the name of the failure; its cause says where. What fails in an inner region is told
 * again by the container's incident, which has room for the plain cause.
 */
export function failEntry(region: Region): string {
  const name = region.stateName("failed");
  const incident = `$${region.variable("incident")}`;
  region.add(name, {
    Type: "Fail",
    Error: jsonata(`${incident}.error`),
    Cause: jsonata(region.isTop ? told(region) : `${incident}.cause`),
  });
  return recordedFirst(region, name);
}

/** The way to an end, by way of a function that keeps what was decided before it. */
function recordedFirst(region: Region, end: string): string {
  if (!region.tracks) return end;
  const name = bounded(`${end}: recorded`);
  region.add(name, { ...recording(region, end, { closes: false }), Output: {}, Next: end });
  return name;
}
