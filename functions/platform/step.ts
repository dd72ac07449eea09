import type { StepEvent, StepResult } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import type { BlobStore } from "../../lib/ports/index.ts";
import { runStep, type StepHandler } from "../../lib/runtime/index.ts";
import { stepHandler } from "./step-handler.ts";
import { stepPorts } from "./step-ports.ts";

/** The Lambda handler of a task step. @param blobs given by the entries of steps that declare a bucket. */
export function stepFunction(step: StepDefinition, run: StepHandler, blobs?: BlobStore) {
  const ports = stepPorts(blobs);
  return stepHandler(step.agent, (event: StepEvent): Promise<StepResult> => runStep(ports, step, run, event));
}
