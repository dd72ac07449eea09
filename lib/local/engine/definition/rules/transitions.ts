import { listOf, objectOf } from "../../../../contract/index.ts";
import type { Diagnostic } from "../invalid-definition.ts";
import type { RawRegion, RawState } from "../raw.ts";

/** Every transition leads to a state of the same region, every state is reachable, and the region can end. */
export function transitions(regions: readonly RawRegion[]): Diagnostic[] {
  return regions.filter(({ states }) => states.length > 0).flatMap(checkRegion);
}

interface Edge {
  readonly target: string;
  readonly location: string;
}

function checkRegion(region: RawRegion): Diagnostic[] {
  const names = new Set(region.states.map(({ name }) => name));
  const edges = new Map(region.states.map((state) => [state.name, edgesOf(state)]));
  const start = { target: String(region.source.StartAt), location: `${region.location}/StartAt` };
  const missing = [
    ...(names.has(start.target) ? [] : [missingTarget("StartAt", start)]),
    ...[...edges.values()].flat().flatMap((edge) => (names.has(edge.target) ? [] : [missingTarget("Next", edge)])),
  ];
  const reached = reachable(start.target, edges);
  const unreachable = region.states.filter(({ name }) => names.has(start.target) && !reached.has(name));
  return [
    ...missing,
    ...unreachable.map(
      ({ name, location }): Diagnostic => ({
        code: "MISSING_TRANSITION_TARGET",
        message: `State "${name}" is not reachable.`,
        location,
      }),
    ),
    ...checkEnds(region),
  ];
}

const missingTarget = (field: string, { target, location }: Edge): Diagnostic => ({
  code: "MISSING_TRANSITION_TARGET",
  message: `Missing '${field}' target: ${target}`,
  location,
});

function edgesOf({ source, location }: RawState): Edge[] {
  const own = (["Next", "Default"] as const).map((field) => ({
    target: source[field],
    location: `${location}/${field}`,
  }));
  const nested = (["Choices", "Catch"] as const).flatMap((field) =>
    listOf(source[field]).map((item, index) => ({
      target: objectOf(item).Next,
      location: `${location}/${field}[${index}]/Next`,
    })),
  );
  return [...own, ...nested].filter((edge): edge is Edge => typeof edge.target === "string");
}

function reachable(start: string, edges: ReadonlyMap<string, readonly Edge[]>): ReadonlySet<string> {
  const reached = new Set([start]);
  for (const name of reached) for (const { target } of edges.get(name) ?? []) reached.add(target);
  return reached;
}

function checkEnds({ states, location }: RawRegion): Diagnostic[] {
  const ends = states.some(({ source }) => source.End === true || source.Type === "Succeed" || source.Type === "Fail");
  if (ends) return [];
  return [
    { code: "MISSING_END_STATE", message: "The workflow does not have a terminal state.", location: location || "/" },
  ];
}
