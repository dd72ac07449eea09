import { ErrorClass, HoldfastError, holdAttribute, Ledger, RUN, runKey, type StepEvent } from "../contract/index.ts";
import type { Item } from "../ports/index.ts";
import { type Amounts, minus, NOTHING, plus } from "./cost.ts";
import type { StepPorts } from "./ports.ts";
import { ledgersAbove } from "./runs.ts";

const DIMENSIONS = [
  { amount: "tokens", left: Ledger.tokensLeft, spent: Ledger.tokensSpent },
  { amount: "microUsd", left: Ledger.microUsdLeft, spent: Ledger.microUsdSpent },
] as const;

/** The budget of one run, as an attempt last told it what it holds. */
interface Account {
  readonly runId: string;
  readonly limited: readonly (typeof DIMENSIONS)[number][];
  held: Amounts;
  /** Spent, and not yet told. */
  spent: Amounts;
  /** Value of the attempt's hold; undefined while it has none. */
  hold: string | undefined;
  sequence: number;
}

/** What one attempt spends of the budgets that its run lives on: its own, and as a subflow those above it. */
export interface Spending {
  /**
   * Holds the most that an action can cost, in every budget or in none. One write in each; what was spent since the last
   * one is settled with it. Holding nothing costs nothing.
   *
   * @returns what to call once with what the action did cost.
   * @throws Holdfast.BudgetExceeded, code `budget-exceeded`; nothing is held then.
   */
  reserve(most: Amounts): Promise<(actual: Amounts) => void>;
  /**
   * Gives back what is held and was not spent. What an attempt holds that died before counts as spent: nobody knows
   * whether it was.
   */
  settle(): Promise<void>;
}

/** @param attempt unique for each attempt. */
export function spendingOf(
  { store }: Pick<StepPorts, "store">,
  step: { readonly name: string },
  { runId, path, visit }: StepEvent,
  attempt: string,
): Spending {
  const hold = holdAttribute(path, visit, attempt);
  let holding = NOTHING;
  let loaded: Promise<readonly Account[]> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  /** Why it is not known what a budget was told last; nothing more is spent then. */
  let unsure: Error | undefined;

  const load = async () => {
    const own = await requireRun(store, runId);
    const runs = [own, ...(await Promise.all(ledgersAbove(own).map((id) => requireRun(store, id))))];
    return runs.map(accountOf).filter(({ limited }) => limited.length > 0);
  };

  /** Tells an account that the attempt holds so much from now on; actions may end meanwhile. @returns the item that stands against it. */
  const tell = async (account: Account, held: Amounts): Promise<Item | undefined> => {
    if (unsure !== undefined) throw unsure;
    const told = account.spent;
    const taken = minus(plus(held, told), account.held);
    const value = holds(held) ? `${account.sequence + 1}:${held.tokens}:${held.microUsd}` : undefined;
    const writing = store.update(
      { pk: runKey(account.runId), sk: RUN },
      {
        add: Object.fromEntries(
          account.limited.flatMap(({ amount, left, spent }) => [
            [left, -taken[amount]],
            [spent, told[amount]],
          ]),
        ),
        ...(value === undefined ? { remove: [hold] } : { set: { [hold]: value } }),
      },
      {
        kind: "matches",
        ...(account.hold === undefined ? { lacks: [hold] } : { attributes: { [hold]: account.hold } }),
        atLeast: Object.fromEntries(
          account.limited.flatMap(({ amount, left }) =>
            taken[amount] > 0 && holds(held) ? [[left, taken[amount]]] : [],
          ),
        ),
      },
    );
    const written = await writing.catch((error) => {
      unsure = error;
      throw error;
    });
    const answerWasLost = !written.applied && account.hold !== value && written.current?.[hold] === value;
    if (!written.applied && !answerWasLost) return written.current;
    const spent = minus(account.spent, told);
    Object.assign(account, { held, spent, hold: value, sequence: account.sequence + 1 });
    return undefined;
  };

  const reserve = async (most: Amounts) => {
    loaded ??= load().catch((error) => {
      loaded = undefined;
      throw error;
    });
    const accounts = await loaded;
    const wanted = plus(holding, most);
    for (const [index, account] of accounts.entries()) {
      const against = await tell(account, wanted);
      if (against === undefined) continue;
      for (const told of accounts.slice(0, index)) await tell(told, holding);
      throw exceeded(step.name, most, account, against);
    }
    holding = plus(holding, most);
    return (actual: Amounts) => {
      holding = minus(holding, most);
      for (const account of accounts) account.spent = plus(account.spent, actual);
    };
  };

  const oneByOne = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(task);
    // Whoever waits for it is told; the next one has its turn all the same.
    turn = done.catch(() => undefined);
    return done;
  };

  return {
    reserve: async (most) => (holds(most) ? oneByOne(() => reserve(most)) : () => undefined),
    settle: () =>
      oneByOne(async () => {
        for (const account of (await loaded) ?? []) {
          if (account.hold !== undefined || holds(account.spent)) await tell(account, holding);
        }
      }),
  };
}

const holds = ({ tokens, microUsd }: Amounts) => tokens > 0 || microUsd > 0;

function accountOf(run: Item): Account {
  const limited = DIMENSIONS.filter(({ left }) => run[left] !== undefined);
  return { runId: String(run.runId), limited, held: NOTHING, spent: NOTHING, hold: undefined, sequence: 0 };
}

async function requireRun(store: StepPorts["store"], runId: string): Promise<Item> {
  const run = await store.get({ pk: runKey(runId), sk: RUN });
  if (run !== undefined) return run;
  throw new HoldfastError(
    ErrorClass.Permanent,
    "run-not-opened",
    `${runId} has no RUN item, so its budget is not known. Start runs by events, not by StartExecution.`,
  );
}

function exceeded(step: string, most: Amounts, { runId, limited }: Account, run: Item): HoldfastError {
  const short = limited
    .filter(({ amount, left }) => most[amount] > Number(run[left]))
    .map(({ amount, left }) => `${said(amount, most[amount])}, of which ${said(amount, Number(run[left]))} are left`);
  const need = short.join("; and ") || "more than is left";
  return new HoldfastError(
    ErrorClass.BudgetExceeded,
    "budget-exceeded",
    `Step ${step} needs up to ${need} in the budget of ${runId}. Raise it (decision raise) or give the run up.`,
  );
}

const said = (amount: keyof Amounts, value: number) =>
  amount === "tokens" ? `${value} tokens` : `${value / 1_000_000} USD`;
