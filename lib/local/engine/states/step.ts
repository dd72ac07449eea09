import type { Json, JsonObject } from "../../../contract/index.ts";
import type { Effects } from "../definition/model.ts";
import type { EventType } from "../history/events.ts";
import type { Failure } from "../interpreter/entry.ts";
import type { Frame, Sight } from "../interpreter/frame.ts";

/** How a visit to a state ends. */
export type Step =
  | { readonly kind: "next"; readonly output: Json; readonly next?: string }
  | { readonly kind: "failed"; readonly failure: Failure };

/**
 * Leaves a state: variables, output and the event that says so.
 *
 * @param fallback the output of a state that declares none.
 * @param sight what its expressions see in `$states`.
 */
export function leave(
  frame: Frame,
  effects: Effects,
  { fallback, sight = {}, next }: { fallback: Json; sight?: Sight; next: string | undefined },
): Step {
  const assigned = effects.assign === undefined ? undefined : (frame.evaluate(effects.assign, sight) as JsonObject);
  const output = frame.limitSize(effects.output === undefined ? fallback : frame.evaluate(effects.output, sight));
  if (assigned !== undefined) frame.assign(assigned);
  frame.emit(`${frame.state.type}StateExited` as EventType, {
    name: frame.state.name,
    output,
    ...(assigned === undefined ? {} : { assignedVariables: assigned }),
  });
  return { kind: "next", output, ...(next === undefined ? {} : { next }) };
}
