import { ErrorClass } from "../../contract/index.ts";
import { holdfastClass } from "./holdfast-class.ts";
import { meaningOfStatus } from "./http-status.ts";
import { meaningOf } from "./known.ts";
import type { Layer } from "./layer.ts";
import { attempt, firstOf, isObject, read } from "./read.ts";
import { issuesOf } from "./schema-issues.ts";

type Evidence = (layer: Layer) => ErrorClass | undefined;

/** A code is more specific than the status it comes with, and a status than whose fault it was. */
const OWN: readonly Evidence[] = [
  ({ value }) => when(read(value, "$retryable", "throttling") === true, ErrorClass.Throttled),
  ({ value }) => when(read(value, "$metadata", "clockSkewCorrected") === true, ErrorClass.Transient),
  ({ codes, name }) => firstOf([...codes, name ?? ""], meaningOf),
  ({ parts }) => together(parts),
  ({ value }) => when(isObject(read(value, "$retryable")), ErrorClass.Transient),
  ({ status }) => (status === undefined ? undefined : meaningOfStatus(status)),
  ({ value }) => when(read(value, "$fault") === "server", ErrorClass.Transient),
  ({ value }) => when(read(value, "$fault") === "client" || issuesOf(value).length > 0, ErrorClass.Permanent),
];

const HINTS: readonly Evidence[] = [
  ({ value }) => when(isUnanswered(value), ErrorClass.Transient),
  ({ codes, name }) =>
    when(
      [...codes, name ?? ""].some((each) => NO_ANSWER.has(each)),
      ErrorClass.Transient,
    ),
  ({ value }) => when([read(value, "isRetryable"), read(value, "retryable")].includes(true), ErrorClass.Transient),
];
const NO_ANSWER = new Set(["APIConnectionError", "APIConnectionTimeoutError", "ERR_NETWORK", "NetworkError"]);

/**
 * The class of an error, by the first of these that tells:
 *
 * 1. a Holdfast error among its causes: whatever wraps it, it has said what it is;
 * 2. what the error says of itself, in the order of `OWN`;
 * 3. what its cause says of itself, and the cause of that;
 * 4. what says no more than that nobody answered, or "try again", in the order of `HINTS`;
 * 5. nothing: Permanent. Programming errors end here.
 *
 * Messages are never read. Throttled and Denied also mean that nothing took effect, so an error that holds several others,
 * of different classes, is neither.
 */
export const classOf = (layer: Layer): ErrorClass => evident(layer) ?? ErrorClass.Permanent;

function evident(layer: Layer): ErrorClass | undefined {
  const chain = chainOf(layer);
  return (
    firstOf(chain, ({ name }) => holdfastClass(name)) ??
    firstOf(chain, (each) => firstOf(OWN, (says) => says(each))) ??
    firstOf(chain, (each) => firstOf(HINTS, (says) => says(each)))
  );
}

/** What several errors come to as one: what all of them are, else what another attempt may mend. */
function together(parts: readonly Layer[]): ErrorClass | undefined {
  const found = parts.map(evident);
  if (found.every((each) => each === undefined)) return undefined;
  const [first, ...others] = new Set(found.map((each) => each ?? ErrorClass.Permanent));
  if (others.length === 0) return first;
  const mayPass = found.includes(ErrorClass.Throttled) || found.includes(ErrorClass.Transient);
  return mayPass ? ErrorClass.Transient : ErrorClass.Permanent;
}

/** The clients of OpenAI and Anthropic have one shape for all failures: without an answer, its status, headers and body are undefined. */
const isUnanswered = (value: unknown) =>
  isObject(value) &&
  ["status", "headers", "error"].every(
    (key) => read(value, key) === undefined && attempt(() => Object.hasOwn(value, key)) === true,
  );

const chainOf = (layer: Layer): Layer[] => [layer, ...(layer.cause === undefined ? [] : chainOf(layer.cause))];

const when = (holds: boolean, errorClass: ErrorClass) => (holds ? errorClass : undefined);
