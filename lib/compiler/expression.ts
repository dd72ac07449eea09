import type { Json, JsonPrimitive } from "../contract/index.ts";
import { type Condition, isReference, type Operand, type Reference, type Value } from "../definition/index.ts";
import { variableOf } from "./names.ts";

/** What references mean where an expression is evaluated. */
export interface Names {
  /** JSONata for names that are not the variable of an earlier step. */
  readonly bindings: Readonly<Record<string, string>>;
  /** References that may lead to nothing. */
  readonly optional: ReadonlySet<string>;
}

export const bind = (names: Names, name: string, expression: string): Names => ({
  ...names,
  bindings: { ...names.bindings, [name]: expression },
});

export const jsonata = (expression: string) => `{% ${expression} %}`;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** A JSONata string literal (JSON's escapes are JSONata's) on one line that holds no placeholder. */
export const text = (value: string) => JSON.stringify(value).replace(/[\u2028\u2029]|\$(?=\{)/g, escaped);

/**
 * A text cut so short that the end of a run can say it as JSON in its cause, of which AWS keeps 32 768 characters, even
 * if each of its characters has to be escaped.
 */
export const clipped = (expression: string) => `$substring(${expression}, 0, 5000)`;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
const WORDS = new Set(["and", "or", "in", "true", "false", "null", "function", "lambda"]);
const field = (name: string) => (IDENTIFIER.test(name) && !WORDS.has(name) ? name : `\`${name}\``);

const literal = (value: JsonPrimitive) => (typeof value === "string" ? text(value) : JSON.stringify(value));

function path(reference: Reference, { bindings }: Names): string {
  const [name = "", ...properties] = reference.$from.split(".");
  const start = Object.hasOwn(bindings, name) ? bindings[name] : `$${variableOf(name)}`;
  return [start, ...properties.map(field)].join(".");
}

/** Bare JSONata of a reference; null where an optional property is absent, so that no evaluation can fail. */
export function compileReference(reference: Reference, names: Names): string {
  const expression = path(reference, names);
  return names.optional.has(reference.$from) ? `$exists(${expression}) ? ${expression} : null` : expression;
}

/** What AWS would take for an expression, for half of one, or for a placeholder. */
const SPECIAL = /^\{%|%\}$|\$\{/;

/** JSON with `{% %}` in place of references. */
export function compileValue(value: Value, names: Names): Json {
  if (isReference(value)) return jsonata(compileReference(value, names));
  if (typeof value === "string") return SPECIAL.test(value) ? jsonata(text(value)) : value;
  if (Array.isArray(value)) return value.map((item: Value) => compileValue(item, names));
  if (typeof value !== "object" || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, compileValue(part, names)]));
}

/** What a state puts out: an object or an expression, since nothing else is surely taken for an Output. */
export const compileOutput = (value: Value, names: Names): Json =>
  typeof value === "object" && value !== null ? compileValue(value, names) : jsonata(literal(value));

/** Bare JSONata that is true or false, never nothing and never an error, whatever validated data it meets. */
export function compileCondition(condition: Condition, names: Names): string {
  const side = (operand: Operand) => (isReference(operand) ? path(operand, names) : literal(operand));
  const ordered = (operator: string, [left, right]: readonly [Operand, Operand]) =>
    `(${side(left)} ${operator} ${side(right)}) = true`;
  const joined = (operator: string, parts: readonly Condition[]) =>
    parts.map((part) => `(${compileCondition(part, names)})`).join(` ${operator} `);

  if ("$eq" in condition) return `${side(condition.$eq[0])} = ${side(condition.$eq[1])}`;
  if ("$ne" in condition) return `$not(${side(condition.$ne[0])} = ${side(condition.$ne[1])})`;
  if ("$lt" in condition) return ordered("<", condition.$lt);
  if ("$lte" in condition) return ordered("<=", condition.$lte);
  if ("$gt" in condition) return ordered(">", condition.$gt);
  if ("$gte" in condition) return ordered(">=", condition.$gte);
  if ("$in" in condition) return `${side(condition.$in[0])} in [${condition.$in[1].map(literal).join(", ")}]`;
  if ("$and" in condition) return joined("and", condition.$and);
  if ("$or" in condition) return joined("or", condition.$or);
  if ("$not" in condition) return `$not(${compileCondition(condition.$not, names)})`;
  const expression = path(condition.$exists, names);
  return `$exists(${expression}) and ${expression} != null`;
}
