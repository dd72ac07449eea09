import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion } from "../raw.ts";

const LONGEST_NAME = 80;

/** State names are unique in the whole machine and at most 80 characters long. */
export function names(regions: readonly RawRegion[]): Diagnostic[] {
  const seen = new Set<string>();
  return regions
    .flatMap(({ states }) => states)
    .flatMap(({ name, location }): Diagnostic[] => {
      const duplicate = seen.has(name);
      seen.add(name);
      if (duplicate) return [{ code: "DUPLICATE_STATE_NAME", message: `Duplicate state name: ${name}`, location }];
      if (name.length > 0 && name.length <= LONGEST_NAME) return [];
      const message = `State names have 1 to ${LONGEST_NAME} characters. This one has ${name.length}`;
      return [{ code: "INVALID_STATE_NAME", message, location }];
    });
}
