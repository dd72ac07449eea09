import type { Json } from "../contract/index.ts";
import type { Annotations, BlobStore } from "../ports/index.ts";
import type { Cost } from "./cost.ts";

/** A handler as an attempt calls it. */
export type StepHandler<Input = Json, Output = Json> = (input: Input, context: StepContext) => Output | Promise<Output>;

/** What an attempt gives its handler besides the input; who observes the attempt adds to it. */
export interface StepContext {
  readonly agent: string;
  readonly runId: string;
  /** Where in the run this is: the step's name, with branch and item index where there are any. */
  readonly path: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The same for every attempt of this step in this run, and different for every other step and run. */
  readonly idempotencyKey: string;
  /** Aborted when the step's time is up. */
  readonly signal: AbortSignal;
  readonly blobs: BlobStore;
  /** Digests of what people have approved for this step since it was last completed. */
  readonly approvals: readonly string[];
  /** Milliseconds until the step's time is up. */
  remainingMs(): number;
  /**
   * Runs `perform` and records its result, once: on a later attempt the recorded result comes back and `perform` is not called.
   *
   * In a step with effect `write` the intent is recorded first. An attempt that finds an intent without a result asks
   * `reconcile` what happened; without one, or when it answers `unknown`, the step fails with `Holdfast.UnknownOutcome`.
   *
   * What an action may cost is held in the run's budget before it is performed.
   *
   * Every attempt has to perform the same actions in the same order: the handler takes time, chance and the state of the
   * world from actions, and nowhere else.
   *
   * @param key unique within the step.
   * @throws Holdfast.BudgetExceeded, Holdfast.UnknownOutcome, Holdfast.StepBusy (another attempt has taken over)
   * @throws Holdfast.Permanent, codes `action-key-invalid`, `action-key-repeated`, `actions-diverged`
   */
  action<Result extends Json>(
    key: string,
    perform: (action: { readonly idempotencyKey: string }) => Promise<Result>,
    options?: ActionOptions<Result>,
  ): Promise<Result>;
}

export type ActionOptions<Result> = Reconcilable<Result> & (Costing<Result> | { cost?: never; actualCost?: never });

interface Costing<Result> {
  /** The most that performing it once can cost. */
  readonly cost: Cost;
  /** What it did cost, by its result. Where it throws, `cost` stands. @default `cost` */
  actualCost?(result: Result): Cost;
}

interface Reconcilable<Result> {
  /** What it does to the world. One that changes nothing is recorded once it is done, and may be repeated until then. @default the step's */
  readonly effect?: "none" | "read" | "write";
  /** What its span says of itself besides its key. */
  readonly trace?: Annotations;
  /** And of its result. */
  traceOf?(result: Result): Annotations;
  /** Finds out whether an action whose result was never recorded took effect, by its idempotency key. */
  reconcile?(action: { readonly idempotencyKey: string }): Promise<Reconciled<Result>>;
}

/**
 * `done`: it took effect, with this result. `absent`: it surely did not, so it may be performed. `repeat`: whether it did is not
 * known, and it may be performed again, since the receiver knows a repeat by its idempotency key. `unknown`: a person decides.
 */
export type Reconciled<Result> =
  | { outcome: "done"; result: Result }
  | { outcome: "absent" }
  | { outcome: "repeat" }
  | { outcome: "unknown" };
