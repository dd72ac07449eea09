import { isObject, type Json, listOf, objectOf } from "../../../../contract/index.ts";
import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion, RawState } from "../raw.ts";

const NAME = /^[\p{ID_Start}_][\p{ID_Continue}]*$/u;
const LONGEST_NAME = 80;

/** Variables have proper names, none is called `states`, and no inner scope reuses a name of an outer one. */
export function variables(regions: readonly RawRegion[]): Diagnostic[] {
  const assigned = new Map(regions.map((region) => [region, region.states.flatMap(assignments)]));
  return regions.flatMap((region) => {
    const outer = outerNames(region, assigned);
    return (assigned.get(region) ?? []).flatMap((assignment) => check(assignment, outer));
  });
}

interface Assignment {
  readonly variable: string;
  readonly location: string;
}

function assignments({ source, location }: RawState): Assignment[] {
  const own = namesIn(source.Assign, location);
  const nested = ["Choices", "Catch"].flatMap((field) =>
    listOf(source[field]).flatMap((item, index) => namesIn(objectOf(item).Assign, `${location}/${field}[${index}]`)),
  );
  return [...own, ...nested];
}

const namesIn = (assign: Json | undefined, location: string): Assignment[] =>
  isObject(assign)
    ? Object.keys(assign).map((variable) => ({ variable, location: `${location}/Assign/${variable}` }))
    : [];

function outerNames(region: RawRegion, assigned: ReadonlyMap<RawRegion, readonly Assignment[]>): ReadonlySet<string> {
  const outer = new Set<string>();
  for (let parent = region.parent; parent !== undefined; parent = parent.region.parent) {
    if (isDistributed(parent)) break;
    for (const { variable } of assigned.get(parent.region) ?? []) outer.add(variable);
  }
  return outer;
}

const isDistributed = ({ source }: RawState) =>
  objectOf(objectOf(source.ItemProcessor).ProcessorConfig).Mode === "DISTRIBUTED";

function check({ variable, location }: Assignment, outer: ReadonlySet<string>): Diagnostic[] {
  const problem = problemOf(variable, outer);
  return problem === undefined ? [] : [{ code: "SCHEMA_VALIDATION_FAILED", message: problem, location }];
}

function problemOf(variable: string, outer: ReadonlySet<string>): string | undefined {
  if (variable === "states") return "The variable name 'states' is reserved and can not be assigned";
  if (!NAME.test(variable)) return `The variable name '${variable}' is not a valid identifier`;
  if (variable.length > LONGEST_NAME) return `A variable name has at most ${LONGEST_NAME} characters`;
  if (outer.has(variable))
    return `The variable '${variable}' is assigned in an outer scope and can not be assigned here`;
  return undefined;
}
