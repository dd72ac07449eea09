import { type Json, listOf, objectOf } from "../../../../contract/index.ts";
import { StatesError } from "../../error-names.ts";
import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion, RawState } from "../raw.ts";

/** `States.ALL` stands alone and last; a heartbeat is due before the time-out. */
export function errorMatching(regions: readonly RawRegion[]): Diagnostic[] {
  return regions
    .flatMap(({ states }) => states)
    .flatMap((state) => [
      ...wildcards(state.source.Retry, `${state.location}/Retry`),
      ...wildcards(state.source.Catch, `${state.location}/Catch`),
      ...heartbeat(state),
    ]);
}

function wildcards(rules: Json | undefined, location: string): Diagnostic[] {
  const matches = listOf(rules).map((rule) => listOf(objectOf(rule).ErrorEquals));
  return matches.flatMap((errors, index): Diagnostic[] => {
    if (!errors.includes(StatesError.All)) return [];
    const at = `${location}[${index}]/ErrorEquals`;
    return [
      ...(errors.length > 1 ? [failed(`${StatesError.All} must appear alone`, at)] : []),
      ...(index < matches.length - 1 ? [failed(`${StatesError.All} must be the last element`, at)] : []),
    ];
  });
}

function heartbeat({ source, location }: RawState): Diagnostic[] {
  const { HeartbeatSeconds, TimeoutSeconds } = source;
  if (typeof HeartbeatSeconds !== "number" || typeof TimeoutSeconds !== "number") return [];
  if (HeartbeatSeconds < TimeoutSeconds) return [];
  return [failed("HeartbeatSeconds must be smaller than TimeoutSeconds", `${location}/HeartbeatSeconds`)];
}

const failed = (message: string, location: string): Diagnostic => ({
  code: "SCHEMA_VALIDATION_FAILED",
  message,
  location,
});
