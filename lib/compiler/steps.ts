import { gateLadder, isWork, type Step } from "../definition/index.ts";
import { addCompensation } from "./compensation.ts";
import { addLadders } from "./ladder.ts";
import type { Continuation, Region } from "./region.ts";
import type { Sequences } from "./sequences.ts";
import { addApproval } from "./states/approval.ts";
import { addChoose } from "./states/choose.ts";
import { addEach } from "./states/each.ts";
import { addParallel } from "./states/parallel.ts";
import { addSubflow, openState } from "./states/subflow.ts";
import { addTask, gateState } from "./states/task.ts";
import { addWait } from "./states/wait.ts";
import { decides } from "./trail.ts";

export const sequences: Sequences = {
  entryOf(region, step) {
    if (isWork(step) && gateLadder(region.agent, step) !== undefined) return gateState(step.name);
    return step.kind === "subflow" ? openState(step.name) : step.name;
  },

  add(region, steps, after) {
    for (const [index, step] of steps.entries()) {
      const next = steps[index + 1];
      addStep(region, step, next === undefined ? after : { kind: "next", state: sequences.entryOf(region, next) });
    }
  },

  machine(region, steps, output) {
    region.tracks = decides(region.agent, steps);
    const after: Continuation = { kind: "end", output, state: region.stateName("done") };
    const first = steps[0];
    const StartAt = first === undefined ? region.stateAfter(after) : sequences.entryOf(region, first);
    sequences.add(region, steps, after);
    if (region.abandons) addCompensation(region);
    addLadders(region);
    return { StartAt, States: region.states };
  },
};

function addStep(region: Region, step: Step, after: Continuation): void {
  switch (step.kind) {
    case "task":
    case "reason":
      addTask(region, step, after);
      break;
    case "choose":
      addChoose(region, step, after, sequences);
      break;
    case "parallel":
      addParallel(region, step, after, sequences);
      break;
    case "each":
      addEach(region, step, after, sequences);
      break;
    case "wait":
      addWait(region, step, after);
      break;
    case "approval":
      addApproval(region, step, after);
      break;
    case "subflow":
      addSubflow(region, step, after);
      break;
  }
}
