import { secondsOf, type WaitStep } from "../../definition/index.ts";
import { compileReference, jsonata } from "../expression.ts";
import type { Continuation, Region } from "../region.ts";

/** A Wait costs one transition, however long it is. */
export function addWait(region: Region, step: WaitStep, after: Continuation): void {
  region.add(step.name, {
    Type: "Wait",
    ...(step.for !== undefined
      ? { Seconds: secondsOf(step.for) }
      : step.until !== undefined
        ? { Timestamp: jsonata(compileReference(step.until, region.names)) }
        : {}),
    ...region.pass(after),
  });
}
