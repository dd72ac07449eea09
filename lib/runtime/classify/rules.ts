import type { ErrorClass } from "../../contract/index.ts";
import type { ErrorRule } from "../../definition/index.ts";
import { holdfastClass } from "./holdfast-class.ts";
import { type Layer, layersOf } from "./layer.ts";

/**
 * The class that a step's own rules give: of the first rule that matches the error, or one that it was caused by or holds.
 * All that a rule says must be true of one and the same error. Holdfast errors are not matched: they have said what they
 * are.
 */
export function ruledClass(rules: readonly ErrorRule[], layer: Layer): ErrorClass | undefined {
  if (rules.length === 0) return undefined;
  const layers = layersOf(layer).filter(({ name }) => holdfastClass(name) === undefined);
  return rules.find(({ when }) => layers.some((each) => matches(when, each)))?.as;
}

const matches = ({ name, code, status }: ErrorRule["when"], layer: Layer) =>
  (name === undefined || layer.name === name) &&
  (code === undefined || layer.codes.includes(code)) &&
  (status === undefined || layer.status === status);
