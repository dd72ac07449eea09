import { type Condition, isReference } from "../value.ts";
import type { ReasonStep } from "../work-steps.ts";
import type { Problem } from "./problem.ts";

/** A condition that has to hold, or, denied, must not. */
interface Claim {
  readonly condition: Condition;
  readonly denied: boolean;
  readonly path: string;
}

/**
 * No condition of a loop holds for want of a tool's answer: what it denies of a fact stands beside an `exists` of that.
 * Otherwise `enough` would hold from the first turn, and no tool would ever be called.
 */
export function checkFacts({ enough, models: { strong } }: ReasonStep, at: string): Problem[] {
  const claim = (condition: Condition, place: string): Claim => ({ condition, denied: false, path: `${at}.${place}` });
  return [
    ...(strong === undefined ? [] : unguarded(claim(strong.when, "models.strong.when"), [])),
    ...(enough === undefined ? [] : unguarded(claim(enough, "enough"), [])),
  ];
}

function unguarded(claim: Claim, known: readonly string[]): Problem[] {
  const claims = conjuncts(claim);
  const told = [...known, ...claims.flatMap(guarded)];
  return claims.flatMap((one): Problem[] => {
    const alternatives = partsOf(one);
    if (alternatives.length > 0) return alternatives.flatMap((each) => unguarded(each, told));
    const { condition, denied, path } = one;
    if ("$ne" in condition === denied) return [];
    const answers = Object.values(condition).flat().flatMap(answerOf);
    const unknown = answers.filter((answer) => !told.includes(answer));
    return unknown.map((answer) => untold(answer, `${path}.${operatorOf(condition)}`));
  });
}

const untold = (answer: string, path: string): Problem => ({
  code: "may-be-absent",
  path,
  message: `It holds before there is any ${answer}, too. Put { $exists: { $from: "${answer}" } } beside it, under $and.`,
});

/** What all has to be true for a claim to be: a denied `$or` denies each of its parts. */
function conjuncts(claim: Claim): Claim[] {
  const { condition, denied } = claim;
  const isConjunction = "$not" in condition || (denied ? "$or" in condition : "$and" in condition);
  return isConjunction ? partsOf(claim).flatMap(conjuncts) : [claim];
}

function partsOf({ condition, denied, path }: Claim): Claim[] {
  if ("$not" in condition) return [{ condition: condition.$not, denied: !denied, path: `${path}.$not` }];
  const parts = "$and" in condition ? condition.$and : "$or" in condition ? condition.$or : [];
  return parts.map((part, index) => ({
    condition: part,
    denied,
    path: `${path}.${operatorOf(condition)}[${index}]`,
  }));
}

const operatorOf = (condition: Condition) => Object.keys(condition).join();

/** The answers that are surely there where a claim is true. */
const guarded = ({ condition, denied }: Claim): string[] =>
  "$exists" in condition && !denied ? answerOf(condition.$exists) : [];

/** The tool's answer that a side of a condition leads into, such as `facts.order`. */
const answerOf = (side: unknown): string[] =>
  isReference(side) ? (/^facts\.[^.]+/.exec(side.$from)?.slice() ?? []) : [];
