import { actionKey, ErrorClass, HoldfastError, type Json, runKey, type StepEvent } from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import type { Item, Key } from "../ports/index.ts";
import { classify } from "./classify.ts";
import { idempotencyKey } from "./identity.ts";
import type { StepPorts } from "./ports.ts";
import type { ActionOptions, StepContext } from "./step-context.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$/;
/** Classes that prove that a write did not take effect: it may be performed again without asking. */
const SURELY_NOT_APPLIED: readonly string[] = [ErrorClass.Throttled, ErrorClass.Denied];

/** The actions of one attempt. */
export interface Actions {
  readonly action: StepContext["action"];
  /** From now on no action begins, whatever a handler that was given up still tries. */
  close(): void;
  /** Resolves when no action is under way. */
  idle(): Promise<void>;
}

/** Lets a handler perform each action once in the life of the checkpoint, however often the step is attempted. */
export function actionsOf(ports: StepPorts, step: StepDefinition, event: StepEvent): Actions {
  const used = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  let recorded: Promise<ReadonlyMap<string, Item>> | undefined;
  const pk = runKey(event.runId);
  const load = async () => {
    const items = await ports.store.query(pk, actionKey(event.path, event.visit, ""));
    return new Map(items.map((item) => [item.sk, item]));
  };
  const requireOpen = (name: string) => {
    if (closed) throw tooLate(step.name, name);
  };

  async function act<Result extends Json>(
    name: string,
    perform: (action: { readonly idempotencyKey: string }) => Promise<Result>,
    options: ActionOptions<Result> = {},
  ): Promise<Result> {
    claim(used, name, step.name);
    const key = { pk, sk: actionKey(event.path, event.visit, name) };
    recorded ??= load().catch((error) => {
      recorded = undefined;
      throw error;
    });
    const found = (await recorded).get(key.sk);
    if (found?.status === "done") return JSON.parse(String(found.result));
    requireOpen(name);
    const id = { idempotencyKey: idempotencyKey(event.runId, event.path, event.visit, name) };
    if (step.effect !== "write") return keepFirst(ports, key, await perform(id));
    if (found?.status === "intent") {
      const outcome = (await options.reconcile?.(id)) ?? { outcome: "unknown" };
      if (outcome.outcome === "unknown") throw unknownOutcome(step.name, name);
      if (outcome.outcome === "done") return record(ports, key, outcome.result);
    } else {
      await intend(ports, key, found, step.name, name);
    }
    requireOpen(name);
    return record(ports, key, await performed(ports, key, () => perform(id)));
  }

  return {
    action(name, perform, options) {
      const acting = act(name, perform, options);
      underWay.add(acting);
      const done = () => underWay.delete(acting);
      acting.then(done, done);
      return acting;
    },
    close() {
      closed = true;
    },
    async idle() {
      await Promise.allSettled(underWay);
    },
  };
}

function claim(used: Set<string>, name: string, step: string): void {
  if (!NAME.test(name)) {
    throw new HoldfastError(
      ErrorClass.Permanent,
      "action-key-invalid",
      `${JSON.stringify(name.slice(0, 100))} is no action key. Allowed: 1 to 100 letters, digits, dots, colons, hyphens and underscores.`,
    );
  }
  if (used.has(name)) {
    const message = `Step ${step} uses the action key ${name} twice. Give every action of a step a key of its own.`;
    throw new HoldfastError(ErrorClass.Permanent, "action-key-repeated", message);
  }
  used.add(name);
}

/** Writes down that a write is about to be performed. One that surely did not take effect may be intended again. */
async function intend(ports: StepPorts, key: Key, found: Item | undefined, step: string, name: string): Promise<void> {
  const condition =
    found === undefined
      ? ({ kind: "absent" } as const)
      : ({ kind: "matches", attributes: { status: "refused" } } as const);
  const intent = await ports.store.put({ ...key, status: "intent" }, condition);
  if (!intent.applied) throw unknownOutcome(step, name);
}

/** Performs a write; where its error proves that nothing happened, that is written down for the next attempt. */
async function performed<Result>(ports: StepPorts, key: Key, perform: () => Promise<Result>): Promise<Result> {
  try {
    return await perform();
  } catch (error) {
    if (SURELY_NOT_APPLIED.includes(classify(error).name)) {
      const intended = { kind: "matches", attributes: { status: "intent" } } as const;
      await Promise.allSettled([ports.store.update(key, { status: "refused" }, intended)]);
    }
    throw error;
  }
}

async function record<Result extends Json>(ports: StepPorts, key: Key, result: Result): Promise<Result> {
  await ports.store.put({ ...key, status: "done", result: JSON.stringify(result) });
  return result;
}

/** Without a lease two attempts may act at once: the first result counts for both. */
async function keepFirst<Result extends Json>(ports: StepPorts, key: Key, result: Result): Promise<Result> {
  const written = await ports.store.put({ ...key, status: "done", result: JSON.stringify(result) }, { kind: "absent" });
  return written.applied || written.current === undefined ? result : JSON.parse(String(written.current.result));
}

const unknownOutcome = (step: string, name: string) =>
  new HoldfastError(
    ErrorClass.UnknownOutcome,
    "unknown-outcome",
    `Action ${name} of step ${step} was begun and its outcome was never recorded. Declare how to reconcile it, or find out by hand.`,
  );

const tooLate = (step: string, name: string) =>
  new HoldfastError(
    ErrorClass.Transient,
    "attempt-over",
    `Action ${name} was not begun: this attempt of step ${step} is over. Wait for every action before the handler returns.`,
  );
