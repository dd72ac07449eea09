import { isObject, type Json, type JsonObject } from "../../../contract/index.ts";
import { toJson, ValueTooLarge } from "../expression/to-json.ts";
import { type Diagnostic, InvalidDefinition } from "./invalid-definition.ts";
import { type RawRegion, regionsOf } from "./raw.ts";
import { errorMatching } from "./rules/error-matching.ts";
import { expressions } from "./rules/expressions.ts";
import { fields } from "./rules/fields.ts";
import { names } from "./rules/names.ts";
import { queryLanguage } from "./rules/query-language.ts";
import { resources } from "./rules/resources.ts";
import { transitions } from "./rules/transitions.ts";
import { variables } from "./rules/variables.ts";

const RULES: readonly ((regions: readonly RawRegion[]) => Diagnostic[])[] = [
  fields,
  names,
  queryLanguage,
  transitions,
  errorMatching,
  resources,
  variables,
  expressions,
];

/** Hard limit of AWS: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
const MAX_DEFINITION_BYTES = 1_048_576;

/** Regions in regions; AWS does not publish its limit. */
const MAX_REGION_DEPTH = 100;

/** @throws InvalidDefinition with every problem found. */
export function validate(definition: Json): JsonObject {
  const machine = readDefinition(definition);
  const regions = regionsOf(machine);
  if (regions.some(({ depth }) => depth > MAX_REGION_DEPTH))
    refuse({
      code: "TOO_DEEPLY_NESTED",
      message: `States are nested more than ${MAX_REGION_DEPTH} deep.`,
      location: "/",
    });
  const diagnostics = RULES.flatMap((rule) => rule(regions));
  if (diagnostics.length > 0) throw new InvalidDefinition(diagnostics);
  return machine;
}

/** @throws InvalidDefinition for what is no object, too large or nested too deep. */
export function readDefinition(definition: Json): JsonObject {
  const { value, bytes } = measure(definition);
  const location = "/";
  if (!isObject(value))
    return refuse({ code: "INVALID_JSON_DESCRIPTION", message: "The definition must be a JSON object.", location });
  if (bytes > MAX_DEFINITION_BYTES) {
    const message = `The definition has ${bytes} bytes; at most ${MAX_DEFINITION_BYTES} are allowed.`;
    return refuse({ code: "SCHEMA_VALIDATION_FAILED", message, location });
  }
  return value;
}

function measure(definition: Json) {
  try {
    return toJson(definition);
  } catch (error) {
    if (!(error instanceof ValueTooLarge)) throw error;
    return refuse({ code: "TOO_DEEPLY_NESTED", message: error.message, location: "/" });
  }
}

function refuse(diagnostic: Diagnostic): never {
  throw new InvalidDefinition([diagnostic]);
}
