import type { Json } from "../../../contract/index.ts";
import { subjectOf, type Template } from "../expression/template.ts";
import type { Frame } from "../interpreter/frame.ts";

type Kind = "number" | "string" | "boolean" | "array";
interface Kinds {
  readonly number: number;
  readonly string: string;
  readonly boolean: boolean;
  readonly array: readonly Json[];
}

/** The value of a field that takes one kind of value. @throws StateFailure when it has another. */
export function readField<Expected extends Kind>(
  frame: Frame,
  template: Template,
  expected: Expected,
): Kinds[Expected] {
  const value = frame.evaluate(template);
  if (isOfKind(value, expected)) return value;
  const found = `returned an unexpected result type. Expected '${expected}', but was '${kindOf(value)}' for value: ${JSON.stringify(value)}`;
  if (template.kind !== "expression") return frame.failEvaluation(found);
  return frame.failEvaluation(`${subjectOf(template.expression, template.field)} ${found}`, template.field);
}

/** The same, of a field that may be absent. */
export const readOptional = <Expected extends Kind>(
  frame: Frame,
  template: Template | undefined,
  expected: Expected,
) => (template === undefined ? undefined : readField(frame, template, expected));

const isOfKind = <Expected extends Kind>(value: Json, kind: Expected): value is Json & Kinds[Expected] =>
  kindOf(value) === kind;

function kindOf(value: Json): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
