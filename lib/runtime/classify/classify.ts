import { ErrorClass, HoldfastError } from "../../contract/index.ts";
import type { ErrorRule } from "../../definition/index.ts";
import { describe } from "./describe.ts";
import { classOf } from "./evidence.ts";
import { readLayers } from "./layer.ts";
import { attempt } from "./read.ts";
import { retryAfterSeconds } from "./retry-after.ts";
import { ruledClass } from "./rules.ts";

const WAITED_FOR: readonly ErrorClass[] = [ErrorClass.Throttled, ErrorClass.Transient];

/**
 * The error as the state machine will see it: under one of the class names, so that its edges apply. A Holdfast error is
 * returned as it is. Of anything else the structure is read, never the text: the step's rules come first, then what
 * libraries are known to throw (see `classOf`). Never throws, whatever was thrown.
 *
 * @param rules the step's own, as it declares them under `errors`.
 * @param now milliseconds since 1970, for answers that name the time until which to wait.
 */
export function classify(thrown: unknown, rules: readonly ErrorRule[] = [], now?: number): HoldfastError {
  if (attempt(() => thrown instanceof HoldfastError) === true) return thrown as HoldfastError;
  const layer = readLayers(thrown);
  const name = ruledClass(rules, layer) ?? classOf(layer);
  return new HoldfastError(name, "unclassified", describe(layer), {
    cause: thrown,
    retryAfterSeconds: WAITED_FOR.includes(name) ? retryAfterSeconds(layer, now) : undefined,
  });
}
