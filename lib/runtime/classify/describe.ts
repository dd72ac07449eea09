import type { Layer } from "./layer.ts";
import { attempt, isObject, read, textOf } from "./read.ts";
import { issuesOf } from "./schema-issues.ts";

/**
 * An error in words: its name and its message, and what else is known of it where it has none. Of other objects only the
 * keys are told: values may be secrets.
 */
export function describe({ value, name = "Error", codes, status }: Layer): string {
  const said = textOf(typeof value === "string" ? value : read(value, "message")) ?? textOf(issuesOf(value).join("; "));
  if (said !== undefined) return `${name}: ${said}`;
  if (attempt(() => value instanceof Error) === true) return `${name}: ${codes[0] ?? status ?? "no message"}`;
  return `${name}: ${kindOf(value, status)} was thrown, which says little. Throw an Error that tells what went wrong.`;
}

function kindOf(value: unknown, status: number | undefined): string {
  if (typeof value === "function") return "a function";
  if (!isObject(value)) return value === "" ? "an empty text" : String(value);
  if (status !== undefined) return `an object with status ${status}`;
  const keys = attempt(() => Object.keys(value))?.slice(0, 8) ?? [];
  return keys.length === 0 ? "an object" : `an object of ${keys.join(", ")}`;
}
