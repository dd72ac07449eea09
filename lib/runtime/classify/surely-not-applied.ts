import { ErrorClass } from "../../contract/index.ts";
import { classify } from "./classify.ts";
import { layersOf, readLayers } from "./layer.ts";
import { isObject, numberOf, read } from "./read.ts";

const REFUSALS: readonly ErrorClass[] = [ErrorClass.Throttled, ErrorClass.Denied];

/**
 * Whether an error proves that a write did not take effect: whoever was asked refused, and was asked once. A client that
 * asks again by itself may have been refused only after a first request, whose answer was lost, had taken effect; the AWS
 * SDK says so (`$metadata.attempts`), and others should be kept from it (`maxRetries: 0`). The rules of a step prove nothing.
 */
export const isSurelyNotApplied = (thrown: unknown): boolean =>
  REFUSALS.includes(classify(thrown).name) && layersOf(readLayers(thrown)).every(({ value }) => wasAskedOnce(value));

const DEEPEST = 16;

/** Also of what it was caused by, whatever class it was given since. */
function wasAskedOnce(error: unknown, depth = 0): boolean {
  if (!isObject(error) || depth > DEEPEST) return true;
  return (numberOf(read(error, "$metadata", "attempts")) ?? 1) <= 1 && wasAskedOnce(read(error, "cause"), depth + 1);
}
