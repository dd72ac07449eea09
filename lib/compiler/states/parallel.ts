import type { ParallelStep } from "../../definition/index.ts";
import { jsonata, text } from "../expression.ts";
import { containerCatchers } from "../failure.ts";
import { variableOf } from "../names.ts";
import type { Continuation, Region } from "../region.ts";
import type { Sequences } from "../sequences.ts";

/** A Parallel; its result is an object with the output of each branch under the branch's name. */
export function addParallel(region: Region, step: ParallelStep, after: Continuation, sequences: Sequences): void {
  const branches = Object.entries(step.branches);
  const result = `{${branches.map(([name], index) => `${text(name)}: $states.result[${index}]`).join(", ")}}`;
  region.add(step.name, {
    Type: "Parallel",
    Branches: branches.map(([name, branch]) =>
      sequences.machine(region.branch(step.name, name), branch.steps, branch.output ?? {}),
    ),
    Catch: containerCatchers(region, step.name),
    Assign: { [variableOf(step.name)]: jsonata(result) },
    ...region.pass(after, { step: step.name, result: `(${result})` }),
  });
}
