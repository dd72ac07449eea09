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
import type { Condition, Item, Key } from "../ports/index.ts";
import { keep, kept } from "./claims.ts";
import type { Amounts } from "./cost.ts";
import { expiryOf } from "./expiry.ts";
import { keptOf } from "./kept-event.ts";
import type { StepPorts } from "./ports.ts";
import { isGivenUp } from "./runs.ts";

/** What opening a checkpoint finds: the result of an earlier attempt, or the right to run. */
export type Opened = { readonly committed: Json } | Attempt;

/** One attempt of a step, and what it may do until when. */
export interface Attempt {
  readonly id: string;
  /** Under which it commits. */
  readonly token: number;
  /** Milliseconds since the epoch, as is `deadline`. */
  readonly startedAt: number;
  readonly deadline: number;
  /** An earlier attempt may have left something behind. */
  readonly isRepeat: boolean;
}

/** What Step Functions carries from state to state: 256 KiB, with what Lambda's answer is wrapped in. */
const LARGEST_OUTPUT_BYTES = 250_000;

const checkpointKey = ({ runId, path, visit }: StepEvent): Key => ({
  pk: runKey(runId),
  sk: stepKey(path, visit),
});

/** Whether one attempt runs at a time: a write, and a loop, whose models are paid. */
export const isLeased = ({ effect, reason }: StepDefinition): boolean => effect === "write" || reason !== undefined;

/**
 * Opens the checkpoint of a step. A write, or a loop, takes the lease, and takes it over, under a higher token, from an
 * attempt whose lease has expired. Others take none: they may run twice, and the first commit counts.
 *
 * @throws Holdfast.StepBusy while another attempt holds the lease.
 * @throws Holdfast.Abandoned, code `run-given-up`
 */
export async function open(ports: StepPorts, step: StepDefinition, event: StepEvent): Promise<Opened> {
  const startedAt = ports.clock.now();
  const deadline = startedAt + step.timeoutSeconds * 1_000;
  const attempt = { id: ports.chance.uuid(), token: 1, startedAt, deadline, isRepeat: event.attempt > 1 };
  if (!isLeased(step)) {
    const stored = await ports.store.get(checkpointKey(event));
    return stored === undefined ? attempt : { committed: await answered(ports, event, stored) };
  }
  const current = await takeLease(ports, step, event, attempt, { kind: "absent" });
  if (current === "taken") return begun(ports, step, event, attempt);
  if (current?.status === "committed") return { committed: await answered(ports, event, current) };
  if (current === undefined || !isTakeable(ports, current)) throw busy(event);
  const token = Number(current.token);
  const next = { ...attempt, token: token + 1, isRepeat: true };
  const held = { kind: "matches", attributes: { token, status: "leased" } } as const;
  if ((await takeLease(ports, step, event, next, held)) !== "taken") throw busy(event);
  return begun(ports, step, event, next);
}

/**
 * What takes a lease does not begin in a run that is being given up. Asked after the lease is taken, and told before leases are looked
 * at, so that one of the two sees the other.
 */
async function begun(ports: StepPorts, step: StepDefinition, event: StepEvent, attempt: Attempt): Promise<Attempt> {
  if (step.undoes === true || !(await isGivenUp(ports, event.runId))) return attempt;
  await release(ports, event, attempt);
  const message = `Step ${step.name} was not begun: the run ${event.runId} is being given up.`;
  throw new HoldfastError(ErrorClass.Abandoned, "run-given-up", message);
}

/** A lease that is its own was taken before, and the answer was lost. @returns what stands against it otherwise. */
async function takeLease(
  ports: StepPorts,
  step: StepDefinition,
  event: StepEvent,
  { id, token, deadline }: Attempt,
  condition: Condition,
): Promise<"taken" | Item | undefined> {
  const lease = {
    ...base(ports, step, event),
    status: "leased",
    token,
    attemptId: id,
    owner: ports.owner.id,
    // What a loop has written is undone even if it never came to its end.
    ...(step.undoable && step.reason !== undefined ? await keep(ports, event.runId, "input", event.input) : {}),
    leaseExpiresAt: deadline + LAMBDA_GRACE_SECONDS * 1_000,
  };
  const written = await ports.store.put(lease, condition);
  if (written.applied || (written.current?.status === "leased" && written.current.attemptId === id)) return "taken";
  return written.current;
}

/**
 * Makes the result durable. When another attempt has committed, its result stands and is returned instead.
 *
 * @throws Holdfast.StepBusy when another attempt has taken the lease over and has not committed.
 * @throws Holdfast.Permanent, code `output-too-large`
 */
export async function commit(
  ports: StepPorts,
  step: StepDefinition,
  event: StepEvent,
  { token, startedAt }: Attempt,
  { output, cost }: { readonly output: Json; readonly cost: Amounts },
): Promise<Json> {
  requireCarriable(step, output);
  const item: Item = {
    ...base(ports, step, event),
    status: "committed",
    token,
    ...(await keep(ports, event.runId, "output", output)),
    ...(step.undoable ? await keep(ports, event.runId, "input", event.input) : {}),
    ...(cost.tokens > 0 ? { tokens: cost.tokens } : {}),
    ...(cost.microUsd > 0 ? { microUsd: cost.microUsd } : {}),
    startedAt: iso(startedAt),
    committedAt: iso(ports.clock.now()),
  };
  const condition: Condition = isLeased(step)
    ? { kind: "matches", attributes: { token, status: "leased" } }
    : { kind: "absent" };
  const written = await ports.store.put(item, condition);
  if (written.applied) return output;
  if (written.current?.status === "committed") return answered(ports, event, written.current);
  throw busy(event);
}

/** Gives the lease of a failed attempt up, so that the next one need not wait for it to expire. */
export async function release(ports: StepPorts, event: StepEvent, { token }: Attempt): Promise<void> {
  const condition = { kind: "matches", attributes: { token, status: "leased" } } as const;
  await ports.store.update(checkpointKey(event), { set: { leaseExpiresAt: 0 } }, condition);
}

/** The result of an earlier attempt; that a later one had to come for it is noted. */
async function answered(ports: StepPorts, event: StepEvent, stored: Item): Promise<Json> {
  if (event.attempt > Number(stored.attempt) || event.entered !== stored.entered) {
    const entry = keptOf({ entered: event.entered });
    const note = { answered: event.attempt, ...entry, answeredAt: iso(ports.clock.now()) };
    const committed = { kind: "matches", attributes: { status: "committed" } } as const;
    const write = () => ports.store.update(checkpointKey(event), { set: note }, committed);
    // The result stands without the note.
    await Promise.allSettled([write().catch(write)]);
  }
  return outputOf(ports, stored);
}

export const outputOf = (ports: Pick<StepPorts, "claims">, item: Item): Promise<Json> => kept(ports, item, "output");

export const busy = ({ path }: Pick<StepEvent, "path">) =>
  new HoldfastError(ErrorClass.StepBusy, "step-busy", `Another attempt of ${path} is under way; it is waited for.`);

/** Step, effect and what identifies the attempt. */
const base = ({ clock }: StepPorts, step: StepDefinition, event: StepEvent): Item => ({
  ...checkpointKey(event),
  step: step.name,
  effect: step.effect,
  ...(isLeased(step) && step.effect !== "write" ? { leased: true } : {}),
  path: event.path,
  visit: event.visit,
  attempt: event.attempt,
  ...keptOf(event),
  ttl: expiryOf(clock),
});

export const isTakeable = ({ clock, owner }: Pick<StepPorts, "clock" | "owner">, item: Item) =>
  Number(item.leaseExpiresAt) <= clock.now() || owner.isGone(String(item.owner));

function requireCarriable(step: StepDefinition, output: Json): void {
  const bytes = Buffer.byteLength(JSON.stringify(output));
  if (bytes <= LARGEST_OUTPUT_BYTES) return;
  const message = `Step ${step.name} returned ${bytes} bytes; at most ${LARGEST_OUTPUT_BYTES} travel from step to step. Put it into an object with an action, and return its URI.`;
  throw new HoldfastError(ErrorClass.Permanent, "output-too-large", message);
}

const iso = (time: number) => new Date(time).toISOString();
