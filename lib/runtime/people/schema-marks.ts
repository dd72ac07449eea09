import { isList, isObject, type Json, type JsonObject, listOf, memberOf, objectOf } from "../../contract/index.ts";

/** Schemas that may apply to one place of a value, out of one document. */
export interface Marks {
  readonly root: JsonObject;
  readonly schemas: readonly JsonObject[];
  /** Any of them says that the value is not to be shown, or refers to what cannot be read. */
  readonly sensitive: boolean;
}

export const marksOf = (schema: JsonObject): Marks => spread(schema, [schema]);

/** The marks of a property. */
export function ofProperty(marks: Marks, key: string): Marks {
  const { root, schemas } = marks;
  if (schemas.length === 0) return marks;
  const isDeclared = schemas.some(({ properties }) => own(properties, key) !== undefined);
  const starts = schemas.flatMap((schema) => {
    const named = own(schema.properties, key);
    const matching = Object.entries(objectOf(schema.patternProperties)).flatMap(([pattern, part]) =>
      matches(pattern, key) ? [part] : [],
    );
    const found = [...(named === undefined ? [] : [named]), ...matching];
    if (found.length > 0) return found;
    return [schema.additionalProperties, ...(isDeclared ? [] : [schema.unevaluatedProperties])];
  });
  return spread(root, starts);
}

/** The marks of a list's item. */
export function ofItem(marks: Marks, index: number): Marks {
  const { root, schemas } = marks;
  if (schemas.length === 0) return marks;
  const starts = schemas.flatMap((schema) => {
    const prefix = listOf(schema.prefixItems);
    return [index < prefix.length ? prefix[index] : schema.items, schema.contains, schema.unevaluatedItems];
  });
  return spread(root, starts);
}

/** Follows references and alternatives; each schema counts once, however it refers to itself. */
function spread(root: JsonObject, starts: readonly (Json | undefined)[]): Marks {
  const seen = new Set<JsonObject>();
  const pending = [...starts];
  let sensitive = false;
  while (pending.length > 0) {
    const schema = pending.pop();
    if (!isObject(schema) || seen.has(schema)) continue;
    seen.add(schema);
    sensitive ||= schema.sensitive === true || schema.writeOnly === true || schema.format === "password";
    for (const reference of [schema.$ref, schema.$dynamicRef]) {
      if (typeof reference !== "string") continue;
      const target = targetOf(root, reference);
      sensitive ||= target === undefined;
      pending.push(target);
    }
    for (const list of [schema.anyOf, schema.oneOf, schema.allOf]) pending.push(...listOf(list));
    pending.push(schema.if, schema.then, schema.else, ...Object.values(objectOf(schema.dependentSchemas)));
  }
  return { root, schemas: [...seen], sensitive };
}

/** Where `#`, `#/a/json/pointer`, an anchor or the root's own id leads. */
function targetOf(root: JsonObject, reference: string): Json | undefined {
  const id = typeof root.$id === "string" ? root.$id : "";
  const fragment = decoded(reference.startsWith(id) ? reference.slice(id.length) : reference);
  if (fragment === "" || fragment === "#") return root;
  if (fragment.startsWith("#/")) {
    const names = fragment.slice(2).split("/");
    return names
      .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"))
      .reduce<Json | undefined>((at, name) => own(at, name), root);
  }
  const definitions = [root, ...Object.values(objectOf(root.$defs))].filter(isObject);
  return definitions.find(
    ({ $anchor, $dynamicAnchor, $id }) =>
      [$anchor, $dynamicAnchor].some((name) => name !== undefined && `#${name}` === fragment) || $id === reference,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A pattern that cannot be read counts as matching. */
function matches(pattern: string, key: string): boolean {
  try {
    return new RegExp(pattern, "u").test(key);
  } catch {
    return true;
  }
}

function own(value: Json | undefined, key: string): Json | undefined {
  return isList(value) ? value[Number(key)] : memberOf(value, key);
}
