import type { AgentDocument } from "../document.ts";
import type { ChooseStep } from "../steps.ts";
import type { Visit } from "../walk.ts";
import type { Problem } from "./problem.ts";

/** Variables, states and functions that compiled machines use; a step of that name would take their place. */
const RESERVED = new Set([
  ...["input", "path", "incident", "decision", "states", "number"],
  ...["compensate", "undo", "undone", "lasting", "abandoned", "failed", "done"],
  ...["append", "ceil", "count", "exists", "join", "lookup", "millis", "not", "parse", "string", "substring"],
]);

/**
 * Names of steps and items are unique in an agent: each is a variable, a state and a part of checkpoint keys. Branches
 * of a choice are told apart by their names, too.
 */
export function checkNames(agent: AgentDocument, visits: readonly Visit[]): Problem[] {
  const seen = new Set<string>(Object.keys(agent.escalations));
  return visits.flatMap((visit): Problem[] => {
    if (visit.kind !== "step") return [];
    const { step, at } = visit;
    const names = [{ name: step.name, path: `${at}.name` }];
    if (step.kind === "each") names.push({ name: step.as, path: `${at}.as` });
    const ofBranches = step.kind === "choose" ? checkBranchNames(step, at) : [];
    return names
      .flatMap(({ name, path }): Problem[] => {
        if (RESERVED.has(name)) {
          return [
            { code: "reserved-name", path, message: `${name} is kept for Holdfast itself. Choose another name.` },
          ];
        }
        if (seen.has(name)) {
          return [
            {
              code: "duplicate-name",
              path,
              message: `${name} is used already, by a step, an item or a ladder. Choose another name.`,
            },
          ];
        }
        seen.add(name);
        return [];
      })
      .concat(ofBranches);
  });
}

function checkBranchNames({ name: choice, branches }: ChooseStep, at: string): Problem[] {
  const seen = new Set(["otherwise"]);
  return branches.flatMap(({ name }, index): Problem[] => {
    const fresh = !seen.has(name);
    seen.add(name);
    if (fresh) return [];
    return [
      {
        code: "duplicate-name",
        path: `${at}.branches[${index}].name`,
        message: `Another branch of ${choice} is called ${name} already. Choose another name.`,
      },
    ];
  });
}
