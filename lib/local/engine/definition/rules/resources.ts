import { type Json, objectOf } from "../../../../contract/index.ts";
import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion } from "../raw.ts";
import { parseResource } from "../resource.ts";

/** A Task and an ItemReader name something that can be called. */
export function resources(regions: readonly RawRegion[]): Diagnostic[] {
  return regions
    .flatMap(({ states }) => states)
    .flatMap(({ source, location }) => [
      ...(source.Type === "Task" ? check(source.Resource, location) : []),
      ...(source.ItemReader === undefined ? [] : check(objectOf(source.ItemReader).Resource, `${location}/ItemReader`)),
    ]);
}

function check(resource: Json | undefined, location: string): Diagnostic[] {
  if (typeof resource !== "string" || parseResource(resource) !== undefined) return [];
  const message = `The resource provided ${resource} is not recognized. The value is not a valid resource ARN`;
  return [{ code: "INVALID_RESOURCE", message, location: `${location}/Resource` }];
}
