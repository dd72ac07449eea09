import { actionKey, ErrorClass, HoldfastError, type Json, runKey, type StepEvent } from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import type { Item } from "../ports/index.ts";
import { ActionOrder, type Place } from "./action-order.ts";
import { ActionRecord, unknownOutcome } from "./action-record.ts";
import type { Attempt } from "./checkpoint.ts";
import { isSurelyNotApplied, isSurelyUnserved } from "./classify/index.ts";
import { type Amounts, amountsOf, NOTHING, plus } from "./cost.ts";
import { idempotencyKey } from "./identity.ts";
import { spendingOf } from "./ledger.ts";
import type { StepPorts } from "./ports.ts";
import type { ActionOptions, StepContext } from "./step-context.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;

/** The actions of one attempt. */
export interface Actions {
  readonly action: StepContext["action"];
  /**
   * Called when the handler has returned: whether it performed all that earlier attempts have recorded.
   *
   * @returns what all actions of the step have cost.
   * @throws Holdfast.Permanent, code `actions-diverged`
   */
  complete(): Promise<Amounts>;
  /** From now on no action begins, whatever a handler that was given up still tries. */
  close(): void;
  /** True, when no action is under way any more. */
  idle(): Promise<true>;
  /** Gives back what is held of the budget and was not spent. */
  settle(): Promise<void>;
}

/** Lets a handler perform each action once in the life of the checkpoint, however often the step is attempted. */
export function actionsOf(ports: StepPorts, step: StepDefinition, event: StepEvent, attempt: Attempt): Actions {
  const order = new ActionOrder(step);
  const record = new ActionRecord(ports, event, attempt.id);
  const spending = spendingOf(ports, step, event, attempt.id);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  let cost = NOTHING;
  let recorded: Promise<ReadonlyMap<string, Item>> | undefined;

  const load = async () => {
    const prefix = actionKey(event.path, event.visit, "");
    const items = await ports.store.query(runKey(event.runId), prefix);
    return new Map(items.map((item) => [item.sk.slice(prefix.length), item]));
  };
  const earlier = () => {
    recorded ??= load().catch((error) => {
      recorded = undefined;
      throw error;
    });
    return recorded;
  };
  const requireOpen = (name: string) => {
    if (closed || ports.clock.now() >= attempt.deadline) throw tooLate(step.name, name);
  };

  /** Performs an action within the budget. @param begin what is written before, once the budget allows it. @default nothing */
  async function perform<Result extends Json>(
    name: string,
    run: () => Promise<Result>,
    options: ActionOptions<Result>,
    begin?: () => Promise<void>,
  ): Promise<{ readonly result: Result; readonly spent: Amounts }> {
    const most = amountsOf(options.cost ?? {});
    const account = await spending.reserve(most);
    let spent = NOTHING;
    try {
      await begin?.();
      requireOpen(name);
      spent = most;
      const result = await run();
      spent = actualCostOf(options, result) ?? most;
      return { result, spent };
    } catch (error) {
      if (isSurelyUnserved(error)) spent = NOTHING;
      throw error;
    } finally {
      cost = plus(cost, spent);
      account(spent);
    }
  }

  /** Without a lease two attempts may act at once, and the first result counts for both. */
  async function observe<Result extends Json>(
    place: Place,
    run: () => Promise<Result>,
    options: ActionOptions<Result>,
    effect: "none" | "read",
  ): Promise<Result> {
    const { result, spent } = await perform(place.name, run, options);
    return record.observed(place, result, spent, effect);
  }

  /**
   * Intent first. Where the error proves that nothing happened, that is written down for the next attempt.
   *
   * @param repeats an earlier attempt may have performed it: no error of this one proves anything about that.
   */
  async function write<Result extends Json>(
    place: Place,
    run: () => Promise<Result>,
    options: ActionOptions<Result>,
    found: Item | undefined,
    repeats = false,
  ): Promise<Result> {
    let intended = false;
    let mayHaveApplied = repeats;
    const performing = async () => {
      mayHaveApplied = true;
      try {
        return await run();
      } catch (error) {
        mayHaveApplied = repeats || !isSurelyNotApplied(error);
        throw error;
      }
    };
    try {
      const { result, spent } = await perform(place.name, performing, options, () => {
        intended = true;
        return record.intend(place, found, step.name);
      });
      return await record.done(place, result, spent, found, "performed");
    } catch (error) {
      if (intended && !mayHaveApplied) await record.refuse(place.name);
      throw error;
    }
  }

  async function act<Result extends Json>(
    place: Place,
    run: (action: { readonly idempotencyKey: string }) => Promise<Result>,
    options: ActionOptions<Result>,
  ): Promise<Result> {
    const all = await earlier();
    const found = all.get(place.name);
    order.confirm(place, all);
    if (found?.status === "done") {
      cost = plus(cost, record.costOf(found));
      return record.resultOf<Result>(found);
    }
    requireOpen(place.name);
    const id = { idempotencyKey: idempotencyKey(event.runId, event.path, event.visit, place.name) };
    const effect = options.effect ?? step.effect;
    if (effect !== "write") return observe(place, () => run(id), options, effect);
    if (found?.status !== "intent") return write(place, () => run(id), options, found);
    const outcome = (await options.reconcile?.(id)) ?? { outcome: "unknown" };
    if (outcome.outcome === "unknown") throw unknownOutcome(step.name, place.name);
    if (outcome.outcome === "done") return record.done(place, outcome.result, NOTHING, found, "found");
    const reconciled = { ...found, reconciled: outcome.outcome };
    return write(place, () => run(id), options, reconciled, outcome.outcome === "repeat");
  }

  async function inOrder<Result>(name: string, acting: (place: Place) => Promise<Result>): Promise<Result> {
    if (!NAME.test(name)) throw invalidKey(name);
    const place = order.begin(name);
    try {
      const result = await acting(place);
      order.end(false);
      return result;
    } catch (error) {
      order.end(true);
      throw error;
    }
  }

  return {
    action(name, run, options = {}) {
      const acting = inOrder(name, (place) => act(place, run, options));
      underWay.add(acting);
      const done = () => underWay.delete(acting);
      acting.then(done, done);
      return acting;
    },
    async complete() {
      if (attempt.isRepeat || recorded !== undefined) order.requireAll(await earlier());
      return cost;
    },
    close() {
      closed = true;
    },
    async idle() {
      // How they end, those know that wait for them.
      await Promise.allSettled(underWay);
      return true;
    },
    settle: () => spending.settle(),
  };
}

/** What a price cannot be read of has cost the most that it can: the result is not lost for it. */
function actualCostOf<Result>({ actualCost }: ActionOptions<Result>, result: Result): Amounts | undefined {
  try {
    return actualCost === undefined ? undefined : amountsOf(actualCost(result));
  } catch {
    return undefined;
  }
}

const invalidKey = (name: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "action-key-invalid",
    `${JSON.stringify(name.slice(0, 100))} is no action key. Allowed: 1 to 100 letters, digits, dots, colons, hyphens and underscores.`,
  );

const tooLate = (step: string, name: string) =>
  new HoldfastError(
    ErrorClass.Transient,
    "attempt-over",
    `Action ${name} was not begun: this attempt of step ${step} is over. Wait for every action before the handler returns.`,
  );
