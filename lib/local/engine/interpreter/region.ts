import type { Region } from "../definition/model.ts";
import { runState } from "../states/run-state.ts";
import type { Fiber, Position, RegionEnd, Routine } from "./fiber.ts";
import type { Host } from "./frame.ts";

/** State after state, until one ends the region or fails it. */
export function* runRegion(host: Host, fiber: Fiber, region: Region, start: Position): Routine<RegionEnd> {
  let position = start;
  for (;;) {
    const state = region.states.get(position.state);
    if (state === undefined) throw new TypeError(`There is no state ${position.state}; validate first.`);
    fiber.position = position;
    fiber.state = state;
    const step = yield* runState(host, fiber, state, position);
    if (step.kind === "failed") return step;
    if (step.next === undefined) return { kind: "ended", output: step.output };
    position = { state: step.next, input: step.output };
  }
}
