import { type Schema, Validator } from "@cfworker/json-schema";
import type { Json, JsonObject } from "../contract/index.ts";

const SHOWN = 5;

/** Validates against a JSON Schema. Answers with what is wrong, in words, or nothing when all is well. */
export function violations(schema: JsonObject, value: Json): string | undefined {
  const { valid, errors } = validatorOf(schema).validate(value);
  if (valid) return undefined;
  const leaves = errors.filter(({ keyword }) => !["properties", "items", "$ref", "anyOf", "allOf"].includes(keyword));
  const shown = (leaves.length > 0 ? leaves : errors).slice(0, SHOWN);
  const words = shown.map(({ instanceLocation, error }) => `${placeOf(instanceLocation)}: ${error}`);
  return [...new Set(words)].join(" ");
}

const validators = new WeakMap<JsonObject, Validator>();

/** A schema is a constant of its function: it is read once. */
function validatorOf(schema: JsonObject): Validator {
  const known = validators.get(schema) ?? new Validator(schema as Schema, "2020-12", false);
  validators.set(schema, known);
  return known;
}

const placeOf = (pointer: string) => pointer.replace(/^#\/?/, "").replaceAll("/", ".") || "(whole)";
