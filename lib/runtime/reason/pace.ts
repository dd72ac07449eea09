import { ErrorClass, HoldfastError } from "../../contract/index.ts";
import type { Effect } from "../../definition/index.ts";
import type { Clock } from "../../ports/index.ts";
import type { StepContext } from "../step-context.ts";

/** Keeps a loop within the time of its attempt, and of its step. */
export interface Pace {
  /** Something is done now that no attempt has recorded. */
  begin(): void;
  /** An answer took so long: the next one may, too. */
  answered(milliseconds: number): void;
  /**
   * Leaves a turn that may take so long, or as long as the longest so far, to the next attempt, where the time of this one is
   * short. An attempt that has done nothing yet goes on: so each brings the step further.
   *
   * @param since ISO 8601: the first answer of a model.
   * @throws Holdfast.Yielded, code `reason-yielded`; Holdfast.NeedsHuman, code `reason-time`
   */
  requireTurn(milliseconds: number, since: string | undefined): void;
  /**
   * The same of a call. A write begins in no attempt that may end before it: nobody would know what came of it.
   *
   * @throws Holdfast.Yielded, code `reason-yielded`
   */
  requireCall(milliseconds: number, effect: Effect): void;
}

/** @param seconds that the step may take from the first answer of a model on. */
export function paceOf(
  clock: Pick<Clock, "now">,
  { name, seconds }: { readonly name: string; readonly seconds: number | undefined },
  context: Pick<StepContext, "remainingMs">,
): Pace {
  let hasBegun = false;
  let longest = 0;
  const whole = context.remainingMs();
  const requireLeft = (milliseconds: number) => {
    if (context.remainingMs() < milliseconds) throw yielded(name);
  };
  return {
    begin() {
      hasBegun = true;
    },
    answered(milliseconds) {
      longest = Math.max(longest, milliseconds);
    },
    requireTurn(milliseconds, since) {
      if (!hasBegun) return;
      if (seconds !== undefined && since !== undefined && clock.now() > Date.parse(since) + seconds * 1_000) {
        throw overTime(name, seconds);
      }
      requireLeft(Math.min(Math.max(milliseconds, longest), whole));
    },
    requireCall(milliseconds, effect) {
      if (hasBegun || effect === "write") requireLeft(milliseconds);
    },
  };
}

const overTime = (step: string, seconds: number) =>
  new HoldfastError(
    ErrorClass.NeedsHuman,
    "reason-time",
    `Step ${step} was stopped: it did not come to an answer in ${seconds} s. Look at what it found, and answer in its place (override), or have it tried again, one turn at a time.`,
  );

const yielded = (step: string) =>
  new HoldfastError(
    ErrorClass.Yielded,
    "reason-yielded",
    `The time of this attempt of step ${step} is short. It goes on in the next, from what was recorded.`,
  );
