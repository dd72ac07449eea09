import { isList, type Json, type JsonObject } from "../../contract/index.ts";
import type { KnownValues } from "./known-values.ts";
import { type Marks, marksOf, ofItem, ofProperty } from "./schema-marks.ts";
import { isSecret } from "./secret-names.ts";
import { REDACTED, redactText } from "./secret-text.ts";

export { redactText };

const DEEPEST = 100;
const TOO_DEEP = "[too deep]";

/** What becomes of the parts of a value. */
interface Treatment {
  text(text: string): string;
  /** Told of each value that is hidden as a whole. */
  hide(value: Json, how: "schema" | "name"): void;
  isKnown(value: Json): boolean;
}

/**
 * A value as it may be shown. Replaced by "[redacted]" is what its schema marks (`sensitive`, `writeOnly`, or format
 * `password`, in any alternative), what has the name of a secret, and secrets known by their form within any text or key.
 * Never fails: what is nested more than 100 deep is left out, and what a schema leaves unclear is hidden.
 *
 * @param known values that are hidden wherever they come up.
 */
export function redact(value: Json, schema: JsonObject = {}, known?: KnownValues): Json {
  const text = (given: string) => redactText(known?.without(given) ?? given);
  const isKnown = (given: Json) => known?.has(given) === true;
  return treated(value, marksOf(schema), 0, { text, isKnown, hide: () => undefined });
}

/** What {@link redact} hides as a whole: by the schema, and unless told otherwise by name. */
export function hiddenOf(value: Json, schema: JsonObject = {}, byName = true): Json[] {
  const hidden: Json[] = [];
  const hide = (found: Json, how: "schema" | "name") => {
    if (how === "schema" || byName) hidden.push(found);
  };
  treated(value, marksOf(schema), 0, { text: (text) => text, isKnown: () => false, hide });
  return hidden;
}

function treated(value: Json, marks: Marks, depth: number, by: Treatment): Json {
  if (marks.sensitive) {
    by.hide(value, "schema");
    return REDACTED;
  }
  if (depth > DEEPEST) return TOO_DEEP;
  if (by.isKnown(value)) return REDACTED;
  if (typeof value === "string") return by.text(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((item, index) => treated(item, ofItem(marks, index), depth + 1, by));
  const shown = new Map<string, Json>();
  for (const [key, item] of Object.entries(value)) {
    const isHidden = isSecret(key, item);
    if (isHidden) by.hide(item, "name");
    const showable = isHidden ? REDACTED : treated(item, ofProperty(marks, key), depth + 1, by);
    shown.set(free(by.text(key), shown), showable);
  }
  return Object.fromEntries(shown);
}

/** Keys that are alike once redacted stay apart. */
function free(key: string, taken: ReadonlyMap<string, Json>): string {
  let number = taken.size;
  let name = key;
  while (taken.has(name)) name = `${key} (${number++})`;
  return name;
}
