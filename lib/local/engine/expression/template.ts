import type { Json } from "../../../contract/index.ts";
import { bareObject } from "./bare-object.ts";
import { compileExpression, type Evaluation, type Expression, ExpressionFailure } from "./expression.ts";
import { toJson } from "./to-json.ts";

/** JSON with JSONata in some of its strings. */
export type Template =
  | { readonly kind: "literal"; readonly value: Json }
  | { readonly kind: "expression"; readonly field: string; readonly expression: Expression }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly members: readonly (readonly [name: string, value: Template])[] };

/** An expression of a state failed, or gave what its field does not take. */
export class EvaluationFailure extends Error {
  override readonly name = "EvaluationFailure";
  /** @param location the field, as in `Output/total`. */
  constructor(
    message: string,
    readonly location?: string,
  ) {
    super(message);
  }
}

const JSONATA = /^\{%([\s\S]*)%\}$/;

/** The JSONata in a string, if that is what it holds. */
export const jsonataOf = (text: string): string | undefined => JSONATA.exec(text)?.[1]?.trim();

/** @throws what JSONata throws where an expression does not parse. */
export function compileTemplate(source: Json, field: string): Template {
  if (typeof source === "string") {
    const expression = jsonataOf(source);
    if (expression === undefined) return { kind: "literal", value: source };
    return { kind: "expression", field, expression: compileExpression(expression) };
  }
  if (Array.isArray(source)) {
    const items = source.map((item: Json, index) => compileTemplate(item, `${field}[${index}]`));
    if (items.every(isLiteral)) return { kind: "literal", value: toJson(source).value };
    return { kind: "array", items };
  }
  if (typeof source === "object" && source !== null) {
    const members = Object.entries(source).map(
      ([name, value]) => [name, compileTemplate(value, `${field}/${name}`)] as const,
    );
    if (members.every(([, value]) => isLiteral(value))) return { kind: "literal", value: toJson(source).value };
    return { kind: "object", members };
  }
  return { kind: "literal", value: source };
}

const isLiteral = ({ kind }: Template) => kind === "literal";

/** @throws {@link EvaluationFailure} with AWS's wording. */
export function evaluateTemplate(template: Template, evaluation: Evaluation): Json {
  switch (template.kind) {
    case "literal":
      return template.value;
    case "expression":
      return evaluateField(template.expression, template.field, evaluation);
    case "array":
      return template.items.map((item) => evaluateTemplate(item, evaluation));
    case "object": {
      const value = bareObject();
      for (const [name, member] of template.members) value[name] = evaluateTemplate(member, evaluation);
      return value;
    }
  }
}

function evaluateField(expression: Expression, field: string, evaluation: Evaluation): Json {
  try {
    return expression.evaluate(evaluation);
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    throw new EvaluationFailure(`${subjectOf(expression, field)} ${error.message}`, field);
  }
}

/** How AWS names an expression at fault. */
export const subjectOf = (expression: Expression, field: string) =>
  `The JSONata expression '${expression.source}' specified for the field '${field}'`;
