import type { StepEvent } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import { observeStep, runUndo, type StepHandler, type Undone, undoDefinition } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { observers } from "./observers.ts";
import { stepPorts } from "./step-ports.ts";

/** The Lambda handler of a step's compensation. @param hasBucket whether the step declares a bucket. */
export function undoFunction(step: StepDefinition, run: StepHandler<Undone>, hasBucket = false) {
  const ports = stepPorts(hasBucket);
  return lambdaHandler((event: Omit<StepEvent, "input">) =>
    observeStep(observers, undoDefinition(step), event, run, (observed, traced) =>
      runUndo(ports, step, observed, traced),
    ),
  );
}
