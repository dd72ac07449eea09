import { isObject, type Json, type JsonObject, listOf, memberOf, objectOf } from "../contract/index.ts";

/** A place that a reference leads to. */
export interface Place {
  readonly schema: JsonObject;
  /** Values that break nothing may lack it. */
  readonly optional: boolean;
}

export type Lookup = { readonly found: Place } | { readonly missing: string; readonly allowed: readonly string[] };

const ROOT = Symbol("root");

/** A part of a schema that remembers the whole, so that its `$ref`s hold wherever it becomes a part of another. */
interface Schema extends JsonObject {
  readonly [ROOT]?: JsonObject;
}

const within = (root: JsonObject, part: Schema): Schema => ({ ...part, [ROOT]: part[ROOT] ?? root });

function targetOf(root: JsonObject, reference: string): JsonObject {
  const names = reference.replace(/^#\/?/, "").split("/").filter(Boolean);
  return objectOf(names.reduce<Json | undefined>(memberOf, root));
}

interface Alternatives {
  readonly schemas: Schema[];
  readonly nullable: boolean;
}

/** The alternatives that a schema allows, `null` left out. What refers to itself adds nothing to itself. */
function alternatives(schema: Schema, whole: JsonObject = schema, seen = new Set<JsonObject>()): Alternatives {
  if (seen.has(schema)) return { schemas: [], nullable: false };
  seen.add(schema);
  const root = schema[ROOT] ?? whole;
  if (typeof schema.$ref === "string") return alternatives(targetOf(root, schema.$ref), root, seen);
  const list = schema.anyOf ?? schema.oneOf;
  if (!Array.isArray(list)) {
    const types = Array.isArray(schema.type) ? schema.type : [schema.type];
    return { schemas: schema.type === "null" ? [] : [within(root, schema)], nullable: types.includes("null") };
  }
  const each = list.filter(isObject).map((alternative) => alternatives(alternative, root, seen));
  return { schemas: each.flatMap((one) => one.schemas), nullable: each.some((one) => one.nullable) };
}

function property(schema: Schema, name: string): Place | undefined {
  const part = (of: JsonObject) => within(schema[ROOT] ?? schema, of);
  const own = memberOf(schema.properties, name);
  if (isObject(own)) return { schema: part(own), optional: !listOf(schema.required).includes(name) };
  if (isObject(schema.additionalProperties)) return { schema: part(schema.additionalProperties), optional: true };
  const open = schema.type === undefined && !isObject(schema.properties);
  return open || schema.additionalProperties === true ? { schema: {}, optional: true } : undefined;
}

const propertyNames = (schemas: readonly JsonObject[]): string[] => [
  ...new Set(schemas.flatMap(({ properties }) => Object.keys(objectOf(properties)))),
];

/** Follows property names into a schema. */
export function lookup(start: JsonObject, names: readonly string[]): Lookup {
  let schema = start;
  let optional = false;
  for (const name of names) {
    const { schemas, nullable } = alternatives(schema);
    const hits = schemas.map((alternative) => property(alternative, name));
    const found = hits.filter((hit) => hit !== undefined);
    const first = found[0];
    if (first === undefined) return { missing: name, allowed: propertyNames(schemas) };
    optional ||= nullable || found.length < hits.length || found.some((hit) => hit.optional);
    schema = found.length === 1 ? first.schema : { anyOf: found.map((hit) => hit.schema) };
  }
  return { found: { schema, optional } };
}

/** The JSON types that a value may have, `null` and `unknown` included. */
export function typesOf(schema: JsonObject): ReadonlySet<string> {
  const { schemas, nullable } = alternatives(schema);
  const types = schemas.flatMap(({ type, enum: values, ...rest }): string[] => {
    if (typeof type === "string") return [type === "integer" ? "number" : type];
    if (Array.isArray(type)) return type.map((one) => (one === "integer" ? "number" : String(one)));
    const allowed = Array.isArray(values) ? values : "const" in rest ? [rest.const] : undefined;
    return allowed === undefined ? ["unknown"] : allowed.map((value) => (value === null ? "null" : typeof value));
  });
  return new Set(nullable ? [...types, "null"] : types);
}

/** Whether every value is a string in that format of JSON Schema. */
export function hasFormat(schema: JsonObject, format: string): boolean {
  const { schemas, nullable } = alternatives(schema);
  return !nullable && schemas.length > 0 && schemas.every((one) => one.type === "string" && one.format === format);
}

/** The most items a list can have, or `undefined` where its schema sets no limit, or is not that of a list. */
export function maxItems(schema: JsonObject): number | undefined {
  const limits = alternatives(schema).schemas.map((one) => (one.type === "array" ? one.maxItems : undefined));
  return limits.reduce<number | undefined>(
    (most, limit) => (most === undefined || typeof limit !== "number" ? undefined : Math.max(most, limit)),
    limits.length > 0 ? 0 : undefined,
  );
}

/** What the items of a list look like. */
export function itemsOf(schema: JsonObject): JsonObject {
  const items = alternatives(schema).schemas.flatMap((one) =>
    isObject(one.items) ? [within(one[ROOT] ?? one, one.items)] : [],
  );
  return items.length === 0 ? {} : { anyOf: items };
}
