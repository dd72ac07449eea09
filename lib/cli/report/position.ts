import type { AgentDocument, Step } from "../../definition/index.ts";
import { type StepVisit, sequencesIn } from "./places.ts";

/** Where a run stands: the paths of the steps that are under way, containers left out. */
export const positionOf = (visits: readonly StepVisit[]): string[] => [
  ...new Set(
    visits
      .filter(({ kind, visit }) => visit.exitedAt === undefined && kind !== "parallel" && kind !== "each")
      .map(({ path }) => path),
  ),
];

/** The steps that follow the one that was entered last, as declared, if all goes well. */
export function followingSteps({ steps }: AgentDocument, visits: readonly StepVisit[]): readonly string[] {
  const last = visits.at(-1);
  if (last === undefined) return steps.map(({ name }) => name);
  return last.kind === "compensation" ? [] : (after(steps, last.step) ?? []);
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
