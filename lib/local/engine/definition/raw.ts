import { type Json, type JsonObject, listOf, objectOf } from "../../../contract/index.ts";

export const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** A state as it was written, and where. */
export interface RawState {
  readonly name: string;
  readonly source: JsonObject;
  /** As AWS writes it: `/States/Split/Branches[0]/States/First`. */
  readonly location: string;
  readonly region: RawRegion;
  readonly queryLanguage: string;
}

export interface RawRegion {
  readonly source: JsonObject;
  /** Empty for the machine itself. */
  readonly location: string;
  readonly states: readonly RawState[];
  /** 0 for the machine itself. */
  readonly depth: number;
  /** Absent for the machine itself. */
  readonly parent?: RawState;
}

/** The machine and all that is nested in it, outermost first. */
export function regionsOf(machine: JsonObject): readonly RawRegion[] {
  const language = typeof machine.QueryLanguage === "string" ? machine.QueryLanguage : "JSONPath";
  const regions = [readRegion(machine, "", language)];
  for (let index = 0; index < regions.length; index++) {
    for (const state of regions[index]?.states ?? []) regions.push(...nestedRegions(state, language));
  }
  return regions;
}

function readRegion(source: JsonObject, location: string, language: string, parent?: RawState): RawRegion {
  const states: RawState[] = [];
  const depth = parent === undefined ? 0 : parent.region.depth + 1;
  const region: RawRegion = { source, location, states, depth, ...(parent === undefined ? {} : { parent }) };
  for (const [name, state] of Object.entries(objectOf(source.States))) {
    const body = objectOf(state);
    const queryLanguage = typeof body.QueryLanguage === "string" ? body.QueryLanguage : language;
    states.push({ name, source: body, location: `${location}/States/${name}`, region, queryLanguage });
  }
  return region;
}

function nestedRegions(state: RawState, language: string): RawRegion[] {
  const branches = listOf(state.source.Branches).map((branch, index) =>
    readRegion(objectOf(branch), `${state.location}/Branches[${index}]`, language, state),
  );
  const { ItemProcessor } = state.source;
  if (ItemProcessor === undefined) return branches;
  return [...branches, readRegion(objectOf(ItemProcessor), `${state.location}/ItemProcessor`, language, state)];
}
