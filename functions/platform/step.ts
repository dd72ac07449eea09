import type { StepEvent } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import { observeStep, runStep, type StepHandler, type StepPorts } from "../../lib/runtime/index.ts";
import { lambdaHandler } from "./lambda-handler.ts";
import { observers } from "./observers.ts";
import { stepPorts } from "./step-ports.ts";

/** The Lambda handler of a task step. @param hasBucket whether the step declares a bucket. */
export const stepFunction = (step: StepDefinition, run: StepHandler, hasBucket = false) =>
  stepOn(stepPorts(hasBucket), step, run);

/** The same for whoever has made the ports, since the handler needs them, too. */
export const stepOn = (ports: StepPorts, step: StepDefinition, run: StepHandler) =>
  lambdaHandler((event: StepEvent) =>
    observeStep(observers, step, event, run, (observed, traced) => runStep(ports, step, observed, traced)),
  );
