import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion, RawState } from "../raw.ts";
import { JSONPATH_FIELDS } from "./fields.ts";

/** JSONata throughout: a JSONata machine has no JSONPath states, and this engine runs no others. */
export function queryLanguage(regions: readonly RawRegion[]): Diagnostic[] {
  const machine = regions[0]?.source.QueryLanguage;
  return regions.flatMap(({ states }) => states).flatMap((state) => check(state, machine === "JSONata"));
}

function check({ source, location, queryLanguage: language }: RawState, jsonataMachine: boolean): Diagnostic[] {
  const code = "SCHEMA_VALIDATION_FAILED";
  if (language !== "JSONata") {
    const message = jsonataMachine
      ? "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine"
      : `States in ${language} are not run here. Set QueryLanguage to JSONata and rewrite paths as JSONata expressions`;
    return [{ code, message, location: `${location}/QueryLanguage` }];
  }
  return Object.keys(source)
    .filter((field) => JSONPATH_FIELDS.has(field) || field.endsWith(".$"))
    .map((field) => ({ code, message: "Field is not supported by JSONata", location: `${location}/${field}` }));
}
