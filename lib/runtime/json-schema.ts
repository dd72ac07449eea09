import { type Schema, Validator } from "@cfworker/json-schema";
import type { Json, JsonObject } from "../contract/index.ts";

const SHOWN = 5;

/**
 * Validates against a JSON Schema. Answers with what is wrong, in words, or nothing when all is well. The words name places
 * and what the schema allows; they repeat no value.
 */
export function violations(schema: JsonObject, value: Json): string | undefined {
  const { valid, errors } = validatorOf(schema).validate(value);
  if (valid) return undefined;
  const leaves = errors.filter(({ keyword }) => !["properties", "items", "$ref", "anyOf", "allOf"].includes(keyword));
  const shown = (leaves.length > 0 ? leaves : errors).slice(0, SHOWN);
  const words = shown.map(({ instanceLocation, error }) => `${placeOf(instanceLocation)}: ${withoutValues(error)}`);
  return [...new Set(words)].join(" ");
}

const validators = new WeakMap<JsonObject, Validator>();

/** A schema is a constant of its function: it is read once. */
function validatorOf(schema: JsonObject): Validator {
  const known = validators.get(schema) ?? new Validator(schema as Schema, "2020-12", false);
  validators.set(schema, known);
  return known;
}

const placeOf = (pointer: string) =>
  pointer
    .replace(/^#\/?/, "")
    .split("/")
    .map((part) => (isName(part) ? part : "…"))
    .join(".") || "(whole)";

/** The validator's words, without the numbers that it was given and without keys that are data. */
const withoutValues = (error: string) =>
  error
    .replace(/^\S+ (?=is (?:less|greater) than |is not a multiple of )/, "The number ")
    .replace(
      /^(Property name|Property|Instance has) "(.*?)"(?= (?:does|matches|but))/s,
      (_, words: string, key: string) => (isName(key) ? `${words} "${key}"` : `${words} …`),
    );

/** What could be the name of a property in a schema; other keys are data, such as those of a map by address. */
const isName = (key: string) => /^[\w$-]{0,64}$/.test(key);
