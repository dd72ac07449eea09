import { type AgentDocument, allSteps, type Step } from "../../definition/index.ts";
import type { Escalation } from "../../runtime/index.ts";
import { isContainer, isOpen, type StepVisit, sequencesIn } from "./places.ts";

/** What of a run is open: stays in steps' states, and what people are asked about it. */
export interface Standing {
  readonly runId: string;
  readonly visits: readonly StepVisit[];
  readonly open: readonly Escalation[];
}

/** Where a run stands: the paths of the steps that are under way or that people are asked about, containers left out. */
export const positionOf = (standing: Standing): string[] => [...new Set(openPlaces(standing).map(({ path }) => path))];

/** The steps that follow, of every branch that is open, in the order of their declaration, if all goes well. */
export function followingSteps({ steps }: AgentDocument, standing: Standing): readonly string[] {
  const { visits } = standing;
  const places = openPlaces(standing);
  const last = visits.at(-1);
  if (last?.kind === "compensation") return [];
  const from = places.length > 0 || last === undefined ? places : [last];
  if (from.length === 0) return steps.map(({ name }) => name);
  const following = new Set(from.flatMap(({ step }) => after(steps, step) ?? []));
  return [...allSteps(steps)].map(({ name }) => name).filter((name) => following.has(name));
}

function openPlaces({ runId, visits, open }: Standing): { readonly step: string; readonly path: string }[] {
  const asked = open.filter((each) => each.runId === runId).map(({ incident }) => incident);
  return [...visits.filter((visit) => isOpen(visit) && !isContainer(visit)), ...asked];
}

function after(steps: readonly Step[], name: string): readonly string[] | undefined {
  for (const [index, step] of steps.entries()) {
    const following = steps.slice(index + 1).map((next) => next.name);
    if (step.name === name) return following;
    for (const { steps: inner } of sequencesIn(step)) {
      const within = after(inner, name);
      if (within !== undefined) return [...within, ...following];
    }
  }
  return undefined;
}
