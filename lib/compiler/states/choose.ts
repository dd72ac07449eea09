import type { ChooseStep, End, Step } from "../../definition/index.ts";
import { compileCondition, jsonata } from "../expression.ts";
import { bounded } from "../names.ts";
import type { Continuation, Region } from "../region.ts";
import type { Sequences } from "../sequences.ts";
import { choice } from "../trail.ts";

interface Branch {
  readonly name: string;
  readonly steps: readonly Step[];
  readonly end?: End | undefined;
}

/** A Choice whose branches are sequences of their own that meet again after it, unless they end the run. */
export function addChoose(region: Region, step: ChooseStep, after: Continuation, sequences: Sequences): void {
  const otherwise = { name: "otherwise", ...step.otherwise };
  const continuation = ({ name, end }: Branch): Continuation =>
    end === undefined ? after : { kind: "end", output: end.output, state: bounded(`${step.name}: ${name}`) };
  const entry = (branch: Branch): string => {
    const first = branch.steps[0];
    return first === undefined ? region.stateAfter(continuation(branch)) : sequences.entryOf(region, first);
  };
  region.add(step.name, {
    Type: "Choice",
    Choices: step.branches.map((branch) => ({
      Condition: jsonata(compileCondition(branch.when, region.names)),
      Output: region.deciding(choice(region, step, branch.name)),
      Next: entry(branch),
    })),
    Default: entry(otherwise),
    Output: region.deciding(choice(region, step, otherwise.name)),
  });
  for (const branch of [...step.branches, otherwise]) sequences.add(region, branch.steps, continuation(branch));
}
