import { z } from "zod";
import { ErrorClass } from "../contract/index.ts";
import { Duration } from "./duration.ts";
import { ValueSchema } from "./value.ts";

/** How often and how patiently one kind of failure is tried again. Delays grow from `interval` to `maxDelay`, with full jitter. */
export const Backoff = z
  .strictObject({
    retries: z.int().min(0).max(50).describe("Attempts after the first; 0 gives up at once."),
    interval: Duration.default("1s"),
    backoffRate: z.number().min(1).max(10).default(2),
    maxDelay: Duration.default("30s"),
  })
  .meta({ id: "Backoff" });
export type Backoff = z.output<typeof Backoff>;

/** A retry policy by error class. `transport` is for failures between Step Functions and Lambda. */
export interface RetryPolicy {
  readonly transport: Backoff;
  readonly throttled: Backoff;
  readonly transient: Backoff;
  readonly invalidOutput: Backoff;
}

const never: Backoff = { retries: 0, interval: "1s", backoffRate: 2, maxDelay: "30s" };
const transport: Backoff = { retries: 6, interval: "2s", backoffRate: 2, maxDelay: "60s" };

export const RETRY_PRESETS = {
  standard: {
    transport,
    throttled: { retries: 6, interval: "2s", backoffRate: 2, maxDelay: "60s" },
    transient: { retries: 3, interval: "1s", backoffRate: 2, maxDelay: "30s" },
    invalidOutput: { ...never, retries: 1 },
  },
  patient: {
    transport,
    throttled: { retries: 12, interval: "5s", backoffRate: 2, maxDelay: "10m" },
    transient: { retries: 8, interval: "2s", backoffRate: 2, maxDelay: "5m" },
    invalidOutput: { ...never, retries: 1 },
  },
  none: { transport, throttled: never, transient: never, invalidOutput: never },
} as const satisfies Record<string, RetryPolicy>;

/** A preset by name, or a preset with some kinds of failure set otherwise. */
export const Retry = z
  .union(
    [
      z.enum(["standard", "patient", "none"]),
      z.strictObject({
        preset: z.enum(["standard", "patient", "none"]).default("standard"),
        transport: Backoff.optional(),
        throttled: Backoff.optional(),
        transient: Backoff.optional(),
        invalidOutput: Backoff.optional(),
      }),
    ],
    'must be "standard", "patient", "none" or an object that says otherwise for some kinds of failure',
  )
  .meta({ id: "Retry" });
export type Retry = z.output<typeof Retry>;

export function retryPolicy(retry: Retry): RetryPolicy {
  if (typeof retry === "string") return RETRY_PRESETS[retry];
  const preset = RETRY_PRESETS[retry.preset];
  return {
    transport: retry.transport ?? preset.transport,
    throttled: retry.throttled ?? preset.throttled,
    transient: retry.transient ?? preset.transient,
    invalidOutput: retry.invalidOutput ?? preset.invalidOutput,
  };
}

/** What happens when a step has failed for good: hand over to a ladder, undo, stop, or go on with a stand-in output. */
export const Outcome = z
  .union(
    [
      z.literal("compensate").describe("Undo the completed write steps and abandon the run."),
      z.literal("fail").describe("End the run as failed; nothing is undone."),
      z.strictObject({ escalate: z.string().describe("Name of the ladder.") }),
      z.strictObject({ continueWith: ValueSchema.describe("Stands in for the step's output.") }),
    ],
    'must be "compensate", "fail", { escalate: <ladder> } or { continueWith: <output> }',
  )
  .meta({ id: "Outcome" });
export type Outcome = z.output<typeof Outcome>;

/** The classes that a failed step can leave by; retries are over by then. */
const FAILURE_CLASSES = Object.values(ErrorClass);

/** One outcome for all error classes, or one each. A class that is not named keeps its default. */
export const OnFailure = z
  .union(
    [Outcome, z.partialRecord(z.enum(FAILURE_CLASSES), Outcome)],
    'must be "compensate", "fail", { escalate: <ladder> }, { continueWith: <output> }, or one of them by error class',
  )
  .meta({ id: "OnFailure" });
export type OnFailure = z.output<typeof OnFailure>;

export const isOutcome = (onFailure: OnFailure): onFailure is Outcome =>
  typeof onFailure === "string" || "escalate" in onFailure || "continueWith" in onFailure;

/**
 * Where each error class leads. `undefined` for a class that escalates by default when there is no ladder to escalate to.
 *
 * @param ladder the agent's default ladder.
 */
export function failureEdges(onFailure: OnFailure | undefined, ladder: string | undefined) {
  const byDefault = (name: ErrorClass): Outcome | undefined => {
    if (name === ErrorClass.InvalidInput) return "fail";
    if (name === ErrorClass.Rejected || name === ErrorClass.Abandoned) return "compensate";
    return ladder === undefined ? undefined : { escalate: ladder };
  };
  const declared = (name: ErrorClass): Outcome | undefined =>
    onFailure === undefined ? undefined : isOutcome(onFailure) ? onFailure : onFailure[name];
  return new Map(FAILURE_CLASSES.map((name) => [name, declared(name) ?? byDefault(name)]));
}
