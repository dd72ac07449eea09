import type { JsonObject } from "../contract/index.ts";
import { Scope } from "./scope.ts";
import { type ToolDeclarations, toolNamed } from "./tools.ts";
import type { ReasonStep } from "./work-steps.ts";

/**
 * What the conditions of a reasoning step can refer to. What a tool has not answered yet is taken for there: comparisons
 * with something absent are false, and `check` lets none be denied of it that no `exists` stands beside.
 */
export function loopScope(tools: ToolDeclarations["tools"], step: ReasonStep, outer: Scope): Scope {
  const scope = Scope.ofInput(outer.schemaOf(step.input));
  const facts = step.tools.map((name): [string, JsonObject] => [name, toolNamed(tools, name)?.output ?? {}]);
  scope.define("facts", { type: "object", properties: Object.fromEntries(facts), required: [...step.tools] });
  for (const count of ["turn", "calls", "failures"]) scope.define(count, { type: "integer" });
  return scope;
}
