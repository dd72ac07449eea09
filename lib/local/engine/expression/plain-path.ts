import type { Json } from "../../../contract/index.ts";

/** A variable and the fields to follow from it, as in `$states.input.order.id`. */
export interface PlainPath {
  readonly variable: string;
  readonly fields: readonly string[];
}

/** Where to ask JSONata itself, since an array on the way maps over its items. */
export const ASK_JSONATA: unique symbol = Symbol("ask JSONata");

const PLAIN_PATH = /^\$([A-Za-z_][A-Za-z0-9_]*)((?:\.[A-Za-z_][A-Za-z0-9_]*)*)$/;
const OPERATORS = new Set(["and", "or", "in", "true", "false", "null", "function"]);

/** The commonest expressions by far; following them directly spares the interpreter. */
export function parsePlainPath(source: string): PlainPath | undefined {
  const [, variable, fields] = PLAIN_PATH.exec(source) ?? [];
  if (variable === undefined || fields === undefined) return undefined;
  const names = fields.split(".").slice(1);
  return names.some((name) => OPERATORS.has(name)) ? undefined : { variable, fields: names };
}

/** The same as JSONata gives for the fields of a value, undefined included. */
export function followPath(fields: readonly string[], start: Json): Json | undefined | typeof ASK_JSONATA {
  let value: Json | undefined = start;
  for (const field of fields) {
    if (Array.isArray(value)) return ASK_JSONATA;
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Readonly<Record<string, Json>>)[field];
  }
  return value;
}
