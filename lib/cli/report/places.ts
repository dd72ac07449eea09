import { UNDO_STATE } from "../../compiler/index.ts";
import { undoPath } from "../../contract/index.ts";
import type { AgentDocument, Step, StepKind } from "../../definition/index.ts";
import type { StateVisit } from "../../local/index.ts";

/** Where a step stands in a run; `*` is the place of an item's index. */
interface Place {
  readonly kind: StepKind | "compensation";
  readonly step: string;
  readonly path: string;
}

/** A stay in the state of a step, with where in the run that step is. */
export interface StepVisit extends Place {
  readonly visit: StateVisit;
}

/** Whether a run still is in it; what is cut off with the state around it is never told to be left. */
export function isOpen({ visit }: Pick<StepVisit, "visit">): boolean {
  let around: StateVisit | undefined = visit;
  while (around !== undefined && around.exitedAt === undefined) around = around.parent;
  return around === undefined;
}

/** Whether it is others' steps that are under way while it is. */
export const isContainer = ({ kind }: Place): boolean => kind === "parallel" || kind === "each";

/** The visits of steps' own states, in the order in which they were entered; those of ladders and ends are left out. */
export function stepVisits(document: AgentDocument, visits: readonly StateVisit[]): StepVisit[] {
  const places = placements(document.steps);
  return visits.flatMap((visit) => {
    if (visit.state === UNDO_STATE) return [{ kind: "compensation", visit, ...undone(visit) } as const];
    const place = places.get(visit.state);
    if (place === undefined) return [];
    let item = 0;
    const path = place.path.replaceAll("*", () => String(visit.items[item++] ?? 0));
    return [{ ...place, path, visit }];
  });
}

/** What states belong to which step, and the path that the step has. */
function placements(steps: readonly Step[], prefix = ""): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const step of steps) {
    places.set(step.name, { kind: step.kind, step: step.name, path: `${prefix}${step.name}` });
    for (const { steps: inner, prefix: within } of sequencesIn(step)) {
      for (const [name, place] of placements(inner, `${prefix}${within}`)) places.set(name, place);
    }
  }
  return places;
}

/** The sequences of steps within a step, and what stands before the paths of their steps. */
export function sequencesIn(step: Step): { readonly steps: readonly Step[]; readonly prefix: string }[] {
  switch (step.kind) {
    case "choose":
      return [...step.branches, step.otherwise].map(({ steps }) => ({ steps, prefix: "" }));
    case "parallel":
      return Object.entries(step.branches).map(([name, { steps }]) => ({ steps, prefix: `${step.name}/${name}/` }));
    case "each":
      return [{ steps: step.steps, prefix: `${step.name}#*/` }];
    case "task":
    case "reason":
    case "wait":
    case "approval":
    case "subflow":
      return [];
  }
}

/** Which step is undone, and under what path; the history of AWS may leave the state's input out. */
function undone({ input = "{}" }: StateVisit): Pick<Place, "step" | "path"> {
  try {
    const { step, path }: { step?: unknown; path?: unknown } = JSON.parse(input);
    return { step: String(step ?? "undo"), path: undoPath(String(path ?? "undo")) };
  } catch {
    // Step Functions cuts long inputs.
    return { step: "undo", path: "undo" };
  }
}
