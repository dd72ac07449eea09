import { ErrorClass, HoldfastError, type Json } from "../../lib/contract/index.ts";
import type { StepContext, StepHandler } from "../../lib/runtime/index.ts";
import type { Dice } from "./dice.ts";
import type { FaultPlan } from "./faults.ts";
import { type Invocation, networkError } from "./invocation.ts";
import type { Sink } from "./sink.ts";
import type { Receiver, Truth } from "./truth.ts";

/** What the handler of a step does, in every attempt. */
export interface StepPlan {
  readonly writes: boolean;
  readonly undo: boolean;
  readonly actions: readonly ActionPlan[];
  readonly together: boolean;
}

export interface ActionPlan {
  readonly key: string;
  readonly receiver: Receiver;
  /** It can find out whether it has taken effect before. */
  readonly reconciles: boolean;
  /** The most tokens that a call takes. @default 0 */
  readonly tokens?: number;
}

/** What handlers reach of the world. */
export interface Outside {
  readonly sink: Sink;
  readonly truth: Truth;
  readonly plan: FaultPlan;
  /** Of the seed; a handler's moods are forks of it. */
  readonly dice: Dice;
  /** How often handlers fail by themselves, from 0 to 1. */
  readonly moodiness: number;
  /** How often the handler of a path was begun before. */
  readonly begun: Map<string, number>;
}

/**
 * The handler of a step as one invocation runs it. Its output tells attempts apart, so that a result that is lost or
 * replaced shows.
 */
export function handlerOf(invocation: Invocation, plan: StepPlan, outside: Outside): StepHandler<unknown> {
  return async (input, context) => {
    const { runId } = context;
    const { truth } = outside;
    const path = context.path;
    const before = outside.begun.get(`${runId} ${path}`) ?? 0;
    outside.begun.set(`${runId} ${path}`, before + 1);
    truth.note({ kind: "handler", invocation: invocation.id, runId, path, input: input as Json, undo: plan.undo });
    const mood = outside.dice.fork(`mood of ${runId} ${path} ${before}`);
    const fails = before < 6 && mood.chance(outside.moodiness);
    const failsEarly = fails && mood.chance(0.5);
    const isSlow = outside.moodiness > 0 && mood.chance(0.25);
    await invocation.sleep(mood.below(isSlow ? 60_000 : 500));
    if (failsEarly) throw failureOf(mood);
    await perform(invocation, plan, context, outside);
    if (isSlow && mood.chance(0.2)) await invocation.sleep(mood.below(200_000));
    if (fails && mood.chance(0.2)) return { value: "not a number" };
    if (fails) throw failureOf(mood);
    return { value: mood.below(1_000), attempt: invocation.id };
  };
}

async function perform(invocation: Invocation, plan: StepPlan, context: StepContext, outside: Outside): Promise<void> {
  const { runId, path } = context;
  const act = async ({ key, receiver, reconciles, tokens = 0 }: ActionPlan) => {
    const { sink, truth } = outside;
    const call = ({ idempotencyKey }: { readonly idempotencyKey: string }) => {
      const receipt = plan.writes
        ? sink.call({ idempotencyKey, receiver, runId, path, action: key, undo: plan.undo })
        : sink.observe();
      if (tokens === 0) return { receipt };
      const spent = 1 + (receipt % tokens);
      truth.note({ kind: "spent", runId, tokens: spent });
      return { receipt, spent };
    };
    const reconcile = ({ idempotencyKey }: { readonly idempotencyKey: string }) =>
      invocation.through("ask", async () => {
        const receipt = sink.receiptOf(idempotencyKey);
        return receipt === undefined
          ? ({ outcome: "absent" } as const)
          : ({ outcome: "done", result: { receipt } } as const);
      });
    const result: Receipt = await context.action<Receipt>(
      key,
      (id) => invocation.through("sink", async () => call(id), true),
      {
        ...(reconciles ? { reconcile } : {}),
        ...(tokens === 0 ? {} : { cost: { tokens }, actualCost: ({ spent = 0 }: Receipt) => ({ tokens: spent }) }),
      },
    );
    truth.note({ kind: "acted", runId, path, action: key, result });
  };
  if (plan.together) await Promise.all(plan.actions.map(act));
  else for (const action of plan.actions) await act(action);
}

/** What a receiver answers with, and what that has taken. */
type Receipt = { readonly receipt: number; readonly spent?: number };

function failureOf(mood: Dice): Error {
  return mood.pick([
    () => networkError("throttled"),
    () => networkError("reset"),
    () => new HoldfastError(ErrorClass.Transient, "busy-elsewhere", "The other side is busy. Try again."),
    () => new HoldfastError(ErrorClass.Permanent, "not-possible", "This cannot be done. Change the input."),
    () => new HoldfastError(ErrorClass.NeedsHuman, "not-sure", "Somebody should look at this."),
  ])();
}
