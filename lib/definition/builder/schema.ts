import type { StandardJSONSchemaV1, StandardTypedV1 } from "@standard-schema/spec";
import type { JsonObject } from "../../contract/index.ts";

/** A schema of any library that implements Standard JSON Schema: zod 4.2+, ArkType 2.1.28+, valibot with its converter. */
export type Schema<Type = unknown> = StandardTypedV1<Type>;

export type TypeOf<S extends Schema> = StandardTypedV1.InferInput<S>;

const isConvertible = (schema: Schema): schema is StandardJSONSchemaV1 => "jsonSchema" in schema["~standard"];

/**
 * The JSON Schema of what crosses the wire: what is valid before any default or transform of the library is applied.
 * @throws TypeError for a schema that JSON Schema cannot express, or of a library without the conversion.
 */
export function jsonSchemaOf(schema: Schema): JsonObject {
  if (!isConvertible(schema)) {
    const { vendor } = schema["~standard"];
    throw new TypeError(
      `This ${vendor} schema cannot be converted to JSON Schema. Use a library with Standard JSON Schema, such as zod 4.2 or later.`,
    );
  }
  const { $schema: _, ...converted } = schema["~standard"].jsonSchema.input({ target: "draft-2020-12" });
  return JSON.parse(JSON.stringify(converted)) as JsonObject;
}
