import type { Json } from "../../contract/index.ts";
import type { Raise } from "./raise.ts";

/** What somebody decides. Who it is is not theirs to say. */
export interface Decision {
  readonly id: string;
  readonly decision: string;
  /** Of the packet that it was decided by. */
  readonly digest: string;
  readonly note: string;
  readonly output?: Json;
  /** With `raise`: what is added to the run's budget. */
  readonly raise?: Raise;
}

/** Who decides, as whoever let them in vouches for. */
export interface Decider {
  readonly id: string;
  readonly groups: readonly string[];
  /** Where the decision came from, such as an address. */
  readonly from: string;
}
