import { ErrorClass } from "../../contract/index.ts";
import { classify } from "./classify.ts";
import { holdfastClass } from "./holdfast-class.ts";
import { type Layer, layersOf, readLayers } from "./layer.ts";
import { isObject, numberOf, read, textOf } from "./read.ts";

const REFUSALS: readonly ErrorClass[] = [ErrorClass.Throttled, ErrorClass.Denied];

/**
 * Whether an error proves that a write did not take effect: whoever was asked refused, or was never reached, and was asked
 * once. A client that asks again by itself may have been refused only after a first request, whose answer was lost, had taken
 * effect; the AWS SDK says so (`$metadata.attempts`), and others should be kept from it (`maxRetries: 0`). The rules of a step
 * prove nothing.
 */
export function isSurelyNotApplied(thrown: unknown): boolean {
  const { name } = classify(thrown);
  const isUndone = REFUSALS.includes(name) || (name === ErrorClass.Transient && isUnconnected(thrown));
  return isUndone && isOfOneRequest(thrown);
}

/** Whether nothing in an error says that its client had asked before. */
export const isOfOneRequest = (thrown: unknown): boolean =>
  layersOf(readLayers(thrown)).every(({ value }) => wasAskedOnce(value));

const DEEPEST = 16;

/** Also of what it was caused by, whatever class it was given since. */
function wasAskedOnce(error: unknown, depth = 0): boolean {
  if (!isObject(error) || depth > DEEPEST) return true;
  return (numberOf(read(error, "$metadata", "attempts")) ?? 1) <= 1 && wasAskedOnce(read(error, "cause"), depth + 1);
}

const UNCONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"]);

/**
 * Whether an error proves that no connection came about, so that nothing was sent: it says so itself, or its cause does, or all
 * the attempts that it holds do, of which Node.js makes one for each address. A Holdfast error is taken for what has caused it.
 */
const isUnconnected = (thrown: unknown): boolean =>
  wasUnconnected(
    readLayers(holdfastClass(textOf(read(thrown, "name"))) === undefined ? thrown : read(thrown, "cause")),
  );

/** What has a status was answered. */
function wasUnconnected({ value, status, parts, cause }: Layer): boolean {
  if (status !== undefined) return false;
  if (parts.length > 0) return parts.every(wasUnconnected);
  const isOfConnecting = read(value, "syscall") === "connect" || UNCONNECTED.has(textOf(read(value, "code")) ?? "");
  return isOfConnecting || (cause !== undefined && wasUnconnected(cause));
}
