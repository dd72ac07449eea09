import type { Json } from "./json.ts";

/** What a function that may invoke an agent's start-run gives it. It is answered with the run's id, and whether the run is new. */
export interface StartEvent {
  /** An event as EventBridge delivers it, that a trigger of the agent takes. */
  readonly event: Json;
}
