import { isList, type Json } from "../contract/index.ts";
import type { ModelMessage } from "../ports/index.ts";

const WHOLE = /^\{\{([^{}]+)\}\}$/;
const WITHIN = /\{\{([^{}]+)\}\}/g;

/** What a template names, by the path in it; undefined where there is no such thing. */
export type Lookup = (path: readonly string[]) => Json | undefined;

/**
 * Fills the templates in texts of a value: `{{last.orderId}}`. A text that is nothing but a template becomes what it names,
 * of whatever type; within a text, other things than text are put as JSON.
 *
 * @param missing makes the error for a template that names nothing.
 */
export function filled(value: Json, lookup: Lookup, missing: (template: string) => Error): Json {
  const named = (template: string): Json => {
    const found = lookup(template.trim().split("."));
    if (found === undefined) throw missing(template);
    return found;
  };
  const within = (each: Json): Json => {
    if (typeof each === "string") {
      const whole = WHOLE.exec(each)?.[1];
      return whole === undefined
        ? each.replaceAll(WITHIN, (_, template: string) => textOf(named(template)))
        : named(whole);
    }
    if (typeof each !== "object" || each === null) return each;
    if (isList(each)) return each.map(within);
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, within(item)]));
  };
  return within(value);
}

/** Looks into what tools have answered: `last` is the latest answer, a tool's name the latest of that tool. */
export function resultsOf(messages: readonly ModelMessage[]): Lookup {
  const parts = messages.flatMap(({ content }) => content);
  const tools = new Map(parts.flatMap((part) => (part.kind === "tool-use" ? [[part.id, part.name]] : [])));
  const results = new Map<string, Json>();
  for (const part of parts) {
    if (part.kind !== "tool-result" || !part.ok) continue;
    for (const name of ["last", tools.get(part.id) ?? ""]) results.set(name, part.content);
  }
  return ([name = "", ...path]) => path.reduce<Json | undefined>((at, key) => own(at, key), results.get(name));
}

const own = (value: Json | undefined, key: string): Json | undefined =>
  typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;

/** A value within a text. */
export const textOf = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value));
