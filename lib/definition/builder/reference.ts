import { isReference, type Reference, type Value } from "../value.ts";

declare const TYPE: unique symbol;

/** A reference that knows the type of what it will stand for; its properties are references too. */
export type Ref<Type> = Reference & { readonly [TYPE]: Type } & PropertyRefs<NonNullable<Type>, AbsentIn<Type>>;

type PropertyRefs<Type, Absent> = Type extends readonly unknown[]
  ? unknown
  : Type extends object
    ? { readonly [Key in keyof Type & string]-?: Ref<Type[Key] | Absent> }
    : unknown;

/** A property of what may be absent or null may be absent. */
type AbsentIn<Type> = [Extract<Type, null | undefined>] extends [never] ? never : undefined;

/** What can be referred to: the run's input, the outputs of the steps so far, the item of an `each`. */
export type Refs<Scope> = { readonly [Name in keyof Scope & string]: Ref<Scope[Name]> };

/** JSON in which any part may be a reference. */
export type Mapping =
  | string
  | number
  | boolean
  | null
  | Reference
  | readonly Mapping[]
  | { readonly [key: string]: Mapping };

/** The type of what a mapping evaluates to. What may be absent evaluates to null. */
export type Evaluated<From> = From extends { readonly [TYPE]: infer Type }
  ? undefined extends Type
    ? Exclude<Type, undefined> | null
    : Type
  : From extends readonly (infer Item)[]
    ? Evaluated<Item>[]
    : From extends object
      ? { -readonly [Key in keyof From]: Evaluated<From[Key]> }
      : From;

/** References to everything in a scope: `$.match.verdict` is `{ $from: "match.verdict" }`. */
export function references<Scope>(): Refs<Scope> {
  return new Proxy({}, { get: (_, name) => (typeof name === "string" ? reference(name) : undefined) }) as Refs<Scope>;
}

function reference(path: string): Reference {
  return new Proxy(
    { $from: path },
    {
      get: (target, name) =>
        name === "$from" ? target.$from : typeof name === "string" ? reference(`${path}.${name}`) : undefined,
    },
  );
}

/** The plain data of a mapping. */
export function plain(mapping: Mapping): Value {
  if (isReference(mapping)) return { $from: mapping.$from };
  if (Array.isArray(mapping)) return mapping.map(plain);
  if (typeof mapping !== "object" || mapping === null) return mapping as Value;
  return Object.fromEntries(Object.entries(mapping).map(([key, part]) => [key, plain(part)]));
}
