import type { StepEvent, StepResult } from "../../lib/contract/index.ts";
import type { StepDefinition } from "../../lib/definition/index.ts";
import type { BlobStore } from "../../lib/ports/index.ts";
import { runUndo, type StepHandler, type Undone } from "../../lib/runtime/index.ts";
import { stepHandler } from "./step-handler.ts";
import { stepPorts } from "./step-ports.ts";

/** The Lambda handler of a step's compensation. @param blobs given by the entries of steps that declare a bucket. */
export function undoFunction(step: StepDefinition, run: StepHandler<Undone>, blobs?: BlobStore) {
  const ports = stepPorts(blobs);
  return stepHandler(
    step.agent,
    (event: Omit<StepEvent, "input">): Promise<StepResult> => runUndo(ports, step, run, event),
  );
}
