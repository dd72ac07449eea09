import { ErrorClass } from "../contract/index.ts";
import { jsonata } from "./expression.ts";
import type { Region } from "./region.ts";

/** Where completed writes are undone and the run is given up. Inner regions leave the undoing to the machine itself. */
export function abandonEntry(region: Region): string {
  const { undoable, lasting } = region.writes;
  if (!region.isTop || undoable.length + lasting.length === 0) return abandonedEntry(region);
  region.abandons = true;
  return "compensate";
}

/** What the end of a run tells of its incident: not the request, which can be too long for a cause. */
const TOLD = ["kind", "step", "path", "error", "cause"];

/** The end of a run that was given up. */
export function abandonedEntry(region: Region): string {
  const name = region.stateName("abandoned");
  const incident = region.variable("incident");
  const told = TOLD.map((key) => `"${key}": $${incident}.${key}`).join(", ");
  region.add(name, { Type: "Fail", Error: ErrorClass.Abandoned, Cause: jsonata(`$string({${told}})`) });
  return name;
}

/** The end of a run that failed, under the name and cause of the failure. */
export function failEntry(region: Region): string {
  const name = region.stateName("failed");
  const incident = `$${region.variable("incident")}`;
  region.add(name, { Type: "Fail", Error: jsonata(`${incident}.error`), Cause: jsonata(`${incident}.cause`) });
  return name;
}
