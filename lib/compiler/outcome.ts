import type { JsonObject } from "../contract/index.ts";
import type { Outcome } from "../definition/index.ts";
import { abandonEntry, failEntry } from "./ends.ts";
import { compileValue, jsonata } from "./expression.ts";
import { ladderEntry } from "./ladder.ts";
import { variableOf } from "./names.ts";
import type { Continuation, Region, Route } from "./region.ts";
import { type Failed, standIn } from "./trail.ts";

/** The step whose outcome it is. */
export interface Origin {
  readonly step: string;
  /** The state to re-enter when people decide to retry. */
  readonly entry: string;
  readonly after: Continuation;
  /** How people can save the run, besides giving it up. */
  readonly rescues: readonly Rescue[];
  /** What is handed to people, or to the end of the run. */
  readonly incident: JsonObject;
  readonly failed: Failed;
}

/** How often a state was tried when it is left by a Catch, as bare JSONata. */
export const ATTEMPTS = "[$states.context.State.RetryCount, 0][0] + 1";

/** What an incident says of the attempts of the state that it is caught from. */
export const TRIED: JsonObject = {
  attempts: jsonata(ATTEMPTS),
  entered: jsonata("$states.context.State.EnteredTime"),
};

export type Rescue = "retry" | "override";

/** Where an outcome leads, and what is remembered on the way. */
export function targetOf(region: Region, outcome: Outcome, { step, entry, after, rescues, incident, failed }: Origin) {
  const Output = region.carried;
  if (typeof outcome === "object" && "continueWith" in outcome) {
    const Assign = { [variableOf(step)]: compileValue(outcome.continueWith, region.names) };
    const way = standIn(region, step, failed);
    return { Assign, Output: region.deciding(way), Next: region.stateAfter(after) };
  }
  const remember = (decisions: readonly string[]) => ({
    [region.variable("incident")]: { ...incident, origin: entry, decisions },
  });
  if (outcome === "compensate") return { Assign: remember([]), Output, Next: abandonEntry(region) };
  if (outcome === "fail") return { Assign: remember([]), Output, Next: failEntry(region) };
  const routes: Record<Rescue, Route> = {
    retry: { decision: "retry", Next: entry },
    override: {
      decision: "override",
      Next: region.stateAfter(after),
      Assign: { [variableOf(step)]: jsonata(`$${region.variable("decision")}.output`) },
    },
  };
  const Next = ladderEntry(region, outcome.escalate, {
    origin: entry,
    routes: rescues.map((rescue) => routes[rescue]),
  });
  return { Assign: remember([...rescues, "abort"]), Output, Next };
}
