import type { Step, Value } from "../definition/index.ts";
import type { StateMachine } from "./asl.ts";
import type { Continuation, Region } from "./region.ts";

/** How kinds that contain other steps compile them, without knowing them. */
export interface Sequences {
  /** The state at which a step begins. */
  entryOf(region: Region, step: Step): string;
  /** Adds the states of a sequence to a region. */
  add(region: Region, steps: readonly Step[], after: Continuation): void;
  /** A region as a machine of its own, with what it yields. */
  machine(region: Region, steps: readonly Step[], output: Value): StateMachine;
}
