import {
  ErrorClass,
  HoldfastError,
  type Json,
  LAMBDA_GRACE_SECONDS,
  runKey,
  type StepEvent,
  stepKey,
} from "../contract/index.ts";
import type { StepDefinition } from "../definition/index.ts";
import type { Item, Key } from "../ports/index.ts";
import type { StepPorts } from "./ports.ts";

/** What opening a checkpoint finds: the result of an earlier attempt, or the right to run with a token to commit under. */
export type Opened = { readonly committed: Json } | { readonly token: number };

export const checkpointKey = ({ runId, path, visit }: StepEvent): Key => ({
  pk: runKey(runId),
  sk: stepKey(path, visit),
});

/**
 * Opens the checkpoint of a step. A write takes the lease, and takes it over, under a higher token, from an attempt
 * whose lease has expired. Other effects take none: they may run twice, and the first commit counts.
 *
 * @throws Holdfast.StepBusy while another attempt holds the lease.
 */
export async function open(ports: StepPorts, step: StepDefinition, event: StepEvent): Promise<Opened> {
  const key = checkpointKey(event);
  if (step.effect !== "write") {
    const stored = await ports.store.get(key);
    return stored === undefined ? { token: 1 } : { committed: outputOf(stored) };
  }
  const first = await ports.store.put(lease(ports, step, event, 1), { kind: "absent" });
  if (first.applied) return { token: 1 };
  const current = first.current;
  if (current?.status === "committed") return { committed: outputOf(current) };
  if (current === undefined || !isTakeable(ports, current)) throw busy(event);
  const held = Number(current.token);
  const takeover = await ports.store.put(lease(ports, step, event, held + 1), {
    kind: "matches",
    attributes: { token: held, status: "leased" },
  });
  if (!takeover.applied) throw busy(event);
  return { token: held + 1 };
}

/**
 * Makes the result durable. When another attempt has committed, its result stands and is returned instead.
 *
 * @throws Holdfast.StepBusy when another attempt has taken the lease over and has not committed.
 */
export async function commit(
  ports: StepPorts,
  step: StepDefinition,
  event: StepEvent,
  result: { readonly token: number; readonly output: Json; readonly startedAt: number },
): Promise<Json> {
  const item: Item = {
    ...base(step, event),
    status: "committed",
    token: result.token,
    output: JSON.stringify(result.output),
    startedAt: iso(result.startedAt),
    committedAt: iso(ports.clock.now()),
  };
  const condition =
    step.effect === "write"
      ? ({ kind: "matches", attributes: { token: result.token, status: "leased" } } as const)
      : ({ kind: "absent" } as const);
  const written = await ports.store.put(item, condition);
  if (written.applied) return result.output;
  if (written.current?.status === "committed") return outputOf(written.current);
  throw busy(event);
}

/** Gives the lease of a failed attempt up, so that the next one need not wait for it to expire. */
export async function release(ports: StepPorts, event: StepEvent, token: number): Promise<void> {
  const condition = { kind: "matches", attributes: { token, status: "leased" } } as const;
  await ports.store.update(checkpointKey(event), { leaseExpiresAt: 0 }, condition);
}

/** Step, effect and what identifies the attempt; the input only where an undo will need it. */
function base(step: StepDefinition, event: StepEvent): Item {
  return {
    ...checkpointKey(event),
    step: step.name,
    effect: step.effect,
    path: event.path,
    visit: event.visit,
    attempt: event.attempt,
    ...(step.undoable ? { input: JSON.stringify(event.input) } : {}),
  };
}

function lease(ports: StepPorts, step: StepDefinition, event: StepEvent, token: number): Item {
  const expiry = ports.clock.now() + (step.timeoutSeconds + LAMBDA_GRACE_SECONDS) * 1_000;
  return { ...base(step, event), status: "leased", token, owner: ports.owner.id, leaseExpiresAt: expiry };
}

const isTakeable = ({ clock, owner }: StepPorts, item: Item) =>
  Number(item.leaseExpiresAt) <= clock.now() || owner.isGone(String(item.owner));

const busy = ({ path }: StepEvent) =>
  new HoldfastError(ErrorClass.StepBusy, "step-busy", `Another attempt of ${path} is under way; it is waited for.`);

export const outputOf = (item: Item): Json => JSON.parse(String(item.output)) as Json;

const iso = (time: number) => new Date(time).toISOString();
