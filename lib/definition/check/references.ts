import { loopScope } from "../loop-scope.ts";
import { standIns } from "../outcomes.ts";
import { hasFormat, typesOf } from "../schema-path.ts";
import type { Scope } from "../scope.ts";
import type { ToolDeclarations } from "../tools.ts";
import { type Condition, isReference, type Reference, type Value } from "../value.ts";
import type { Visit } from "../walk.ts";
import type { ReasonStep } from "../work-steps.ts";
import { listed, type Problem } from "./problem.ts";

/** Every reference names something that surely ran and that its schema knows; ordered comparisons compare like with like. */
export function checkReferences(visit: Visit, tools: ToolDeclarations["tools"]): Problem[] {
  if (visit.kind !== "step") return inValue(visit.value, visit.at, visit.scope);
  const { step, at, scope } = visit;
  const ofStandIns = standIns(step).flatMap((standIn) => inValue(standIn.value, `${at}.${standIn.at}`, scope));
  switch (step.kind) {
    case "task":
    case "subflow":
      return [...inValue(step.input, `${at}.input`, scope), ...ofStandIns];
    case "reason":
      return [...inValue(step.input, `${at}.input`, scope), ...inLoop(step, at, scope, tools), ...ofStandIns];
    case "approval":
      return [
        ...inValue(step.request, `${at}.request`, scope),
        ...inValue(step.recommendation ?? null, `${at}.recommendation`, scope),
        ...ofStandIns,
      ];
    case "wait":
      return step.until === undefined ? [] : time(step.until, `${at}.until`, scope);
    case "each":
      return present(step.items, `${at}.items`, scope);
    case "choose":
      return step.branches.flatMap((branch, index) => inCondition(branch.when, `${at}.branches[${index}].when`, scope));
    case "parallel":
      return [];
  }
}

/** The conditions of a reasoning step see what the loop has come to, and nothing of the run. */
function inLoop(step: ReasonStep, at: string, scope: Scope, tools: ToolDeclarations["tools"]): Problem[] {
  const { enough, models } = step;
  const own = loopScope(tools, step, scope);
  return [
    ...(models.strong === undefined ? [] : inCondition(models.strong.when, `${at}.models.strong.when`, own)),
    ...(enough === undefined ? [] : inCondition(enough, `${at}.enough`, own)),
  ];
}

function inReference(reference: Reference, path: string, scope: Scope): Problem[] {
  const resolved = scope.resolve(reference);
  switch (resolved.kind) {
    case "found":
      return [];
    case "may-not-have-run":
      return [
        {
          code: "step-may-not-have-run",
          path,
          message: `${reference.$from}: step ${resolved.name} is in a branch that may not be taken. Refer to it inside that branch, or move it before the choice.`,
        },
      ];
    case "unknown-name":
    case "unknown-property":
      return [
        {
          code: "unknown-reference",
          path,
          message: `${reference.$from}: there is no ${resolved.name} here. Allowed: ${listed(resolved.allowed)}.`,
        },
      ];
  }
}

function present(reference: Reference, path: string, scope: Scope): Problem[] {
  const resolved = scope.resolve(reference);
  if (resolved.kind !== "found") return inReference(reference, path, scope);
  const { schema, optional } = resolved.place;
  if (!optional && !typesOf(schema).has("null")) return [];
  return [
    {
      code: "may-be-absent",
      path,
      message: `${reference.$from} may be absent or null, and the step cannot do without it. Make it required in its schema.`,
    },
  ];
}

function time(reference: Reference, path: string, scope: Scope): Problem[] {
  const problems = present(reference, path, scope);
  const resolved = scope.resolve(reference);
  if (problems.length > 0 || (resolved.kind === "found" && hasFormat(resolved.place.schema, "date-time"))) {
    return problems;
  }
  return [
    {
      code: "not-a-time",
      path,
      message: `${reference.$from} must be a string with format: date-time in its schema. Example: z.iso.datetime().`,
    },
  ];
}

function inValue(value: Value, path: string, scope: Scope): Problem[] {
  if (isReference(value)) return inReference(value, path, scope);
  if (Array.isArray(value)) return value.flatMap((item, index) => inValue(item, `${path}[${index}]`, scope));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => inValue(part, `${path}.${key}`, scope));
}

function inCondition(condition: Condition, path: string, scope: Scope): Problem[] {
  if ("$and" in condition) return condition.$and.flatMap((part, i) => inCondition(part, `${path}.$and[${i}]`, scope));
  if ("$or" in condition) return condition.$or.flatMap((part, i) => inCondition(part, `${path}.$or[${i}]`, scope));
  if ("$not" in condition) return inCondition(condition.$not, `${path}.$not`, scope);
  if ("$exists" in condition) return inReference(condition.$exists, `${path}.$exists`, scope);
  if ("$in" in condition) return inValue(condition.$in[0], `${path}.$in[0]`, scope);
  return Object.entries(condition).flatMap(([operator, [left, right]]) => {
    const problems = [
      ...inValue(left, `${path}.${operator}[0]`, scope),
      ...inValue(right, `${path}.${operator}[1]`, scope),
    ];
    const ordered = operator !== "$eq" && operator !== "$ne";
    return ordered && problems.length === 0 ? comparable(left, right, `${path}.${operator}`, scope) : problems;
  });
}

function comparable(left: Value, right: Value, path: string, scope: Scope): Problem[] {
  const types = [left, right].map((side) => {
    const schema = scope.schemaOf(side);
    return [...typesOf(schema)].join(" or ");
  });
  const [a, b] = types;
  if (a === b && (a === "number" || a === "string")) return [];
  return [
    {
      code: "not-comparable",
      path,
      message: `Compares ${a} with ${b}. Only two numbers or two strings, never null, have an order: name a property whose schema says so.`,
    },
  ];
}
