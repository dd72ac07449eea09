import { ErrorClass, HoldfastError } from "../contract/index.ts";
import type { Item } from "../ports/index.ts";

/** Where an action stands among those of its attempt. */
export interface Place {
  readonly name: string;
  /** How many were begun before it; undefined where a repeat may begin them in another order. */
  readonly index: number | undefined;
}

/**
 * Sees to it that every attempt of a step performs the actions that earlier ones have recorded.
 *
 * Their order is certain until two actions overlap or one fails and the handler goes on: from there on it may depend on
 * what took how long, and is not held against an attempt.
 */
export class ActionOrder {
  readonly #begun = new Set<string>();
  #underWay = 0;
  #isCertain = true;

  constructor(private readonly step: { readonly name: string; readonly effect: string }) {}

  /** @throws Holdfast.Permanent, code `action-key-repeated` */
  begin(name: string): Place {
    if (this.#begun.has(name)) throw repeated(this.step.name, name);
    if (this.#underWay > 0) this.#isCertain = false;
    const index = this.#isCertain ? this.#begun.size : undefined;
    this.#begun.add(name);
    this.#underWay += 1;
    return { name, index };
  }

  end(failed: boolean): void {
    this.#underWay -= 1;
    if (failed) this.#isCertain = false;
  }

  /**
   * Holds the place of an action against the record.
   *
   * @throws Holdfast.Permanent, code `actions-diverged`
   */
  confirm({ name, index }: Place, recorded: ReadonlyMap<string, Item>): void {
    if (index === undefined) return;
    const before = recorded.get(name)?.index;
    const other = [...recorded].find(([key, item]) => key !== name && item.index === index)?.[0];
    if (before !== undefined && before !== index) {
      throw diverged(this.step.name, `action ${name} was number ${Number(before) + 1} and is number ${index + 1} now`);
    }
    if (other !== undefined) {
      throw diverged(this.step.name, `action number ${index + 1} was ${other} and is ${name} now`);
    }
  }

  /**
   * Whether all that was recorded has been performed again: every write, and of other actions those whose order is certain.
   *
   * @throws Holdfast.Permanent, code `actions-diverged`
   */
  requireAll(recorded: ReadonlyMap<string, Item>): void {
    const counts = (item: Item) =>
      item.status !== "refused" && (this.step.effect === "write" || item.index !== undefined);
    const missing = [...recorded].filter(([name, item]) => counts(item) && !this.#begun.has(name));
    if (missing.length === 0) return;
    const names = missing.map(([name]) => name).join(", ");
    throw diverged(this.step.name, `${names} was performed by an earlier attempt and is left out now`);
  }
}

const repeated = (step: string, name: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "action-key-repeated",
    `Step ${step} uses the action key ${name} twice. Give every action of a step a key of its own.`,
  );

const diverged = (step: string, how: string) =>
  new HoldfastError(
    ErrorClass.Permanent,
    "actions-diverged",
    `Step ${step} does not repeat itself: ${how}. A handler performs the same actions in the same order for the same input and results; take time, chance and the state of the world from actions.`,
  );
