import { actionKey, ErrorClass, HoldfastError, type Json, runKey, type StepEvent } from "../contract/index.ts";
import type { Item, Key } from "../ports/index.ts";
import type { Place } from "./action-order.ts";
import { busy } from "./checkpoint.ts";
import { keep, kept } from "./claims.ts";
import type { Amounts } from "./cost.ts";
import { expiryOf } from "./expiry.ts";
import type { StepPorts } from "./ports.ts";

/** What an attempt writes down of its actions. No write of it overwrites what another attempt has written since. */
export class ActionRecord {
  constructor(
    private readonly ports: StepPorts,
    private readonly event: StepEvent,
    private readonly attempt: string,
  ) {}

  /** Keeps the result of an action that changed nothing. The first one counts, whoever found it. */
  async observed<Result extends Json>(
    place: Place,
    result: Result,
    spent: Amounts,
    effect: "none" | "read",
  ): Promise<Result> {
    const item = { ...(await this.#result(place, result, spent)), effect };
    const written = await this.ports.store.put(item, { kind: "absent" });
    return written.applied || written.current === undefined ? result : this.resultOf<Result>(written.current);
  }

  /**
   * Writes down that a write is about to be performed.
   *
   * @param found what was recorded before: nothing, a refusal, or an intent that surely came to nothing.
   * @throws Holdfast.UnknownOutcome when another attempt has written since.
   */
  async intend(place: Place, found: Item | undefined, step: string): Promise<void> {
    const before =
      found === undefined
        ? ({ kind: "absent" } as const)
        : ({ kind: "matches", attributes: { status: String(found.status), attempt: String(found.attempt) } } as const);
    const item = { ...this.#item(place), status: "intent", ...reconciledBy(found) };
    const written = await this.ports.store.put(item, before);
    if (written.applied) return;
    const { current } = written;
    if (current?.status !== "intent" || current.attempt !== this.attempt) throw unknownOutcome(step, place.name);
  }

  /** Takes an intent of this attempt back: the write was surely not performed. Repeating it changes nothing. */
  async refuse(name: string): Promise<void> {
    const own = { kind: "matches", attributes: { status: "intent", attempt: this.attempt } } as const;
    // An intent that stays is asked about, which is safe.
    await Promise.allSettled([this.ports.store.update(this.#key(name), { set: { status: "refused" } }, own)]);
  }

  /**
   * Keeps the result of a write.
   *
   * @param found what was recorded before it was begun, or the intent whose result was found out.
   * @throws Holdfast.StepBusy when another attempt has settled the intent since.
   */
  async done<Result extends Json>(
    place: Place,
    result: Result,
    spent: Amounts,
    found: Item | undefined,
    outcome: "performed" | "found",
  ): Promise<Result> {
    const own = await this.#result(place, result, spent);
    const item = outcome === "found" ? { ...own, reconciled: "done" } : { ...own, ...reconciledBy(found) };
    const written = await this.ports.store.put(item, {
      kind: "matches",
      attributes: { status: "intent", attempt: outcome === "found" ? String(found?.attempt) : this.attempt },
    });
    if (written.applied) return result;
    const { current } = written;
    if (current?.status === "done" && current.attempt === this.attempt) return result;
    throw busy(this.event);
  }

  /** The recorded result. */
  async resultOf<Result extends Json>(item: Item): Promise<Result> {
    return (await kept(this.ports, item, "result")) as Result;
  }

  costOf(item: Item): Amounts {
    return { tokens: Number(item.tokens ?? 0), microUsd: Number(item.microUsd ?? 0) };
  }

  async #result(place: Place, result: Json, { tokens, microUsd }: Amounts): Promise<Item> {
    return {
      ...this.#item(place),
      status: "done",
      ...(await keep(this.ports, this.event.runId, "result", result)),
      ...(tokens > 0 ? { tokens } : {}),
      ...(microUsd > 0 ? { microUsd } : {}),
    };
  }

  #item({ name, index }: Place): Item {
    const at = new Date(this.ports.clock.now()).toISOString();
    const ttl = expiryOf(this.ports.clock);
    return { ...this.#key(name), attempt: this.attempt, ...(index === undefined ? {} : { index }), at, ttl };
  }

  #key(name: string): Key {
    return { pk: runKey(this.event.runId), sk: actionKey(this.event.path, this.event.visit, name) };
  }
}

/** Whether an action may have changed something outside the run. */
export const isWritten = ({ effect, status }: Item): boolean => effect === undefined && status !== "refused";

/** What was found out about an attempt that left an intent and no result, before the action was begun again. */
const reconciledBy = (found: Item | undefined) =>
  found?.reconciled === undefined ? {} : { reconciled: found.reconciled };

export const unknownOutcome = (step: string, name: string) =>
  new HoldfastError(
    ErrorClass.UnknownOutcome,
    "unknown-outcome",
    `Action ${name} of step ${step} was begun and its outcome was never recorded. Declare how to reconcile it, or find out by hand.`,
  );
