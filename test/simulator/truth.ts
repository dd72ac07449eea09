import type { Json } from "../../lib/contract/index.ts";
import type { Item } from "../../lib/ports/index.ts";

/** Something that surely happened, as somebody saw it whom no fault can reach. */
export type Fact =
  /** A write took effect on the store. */
  | { readonly kind: "written"; readonly before: Item | undefined; readonly after: Item }
  /** A function was told that its write of this item took effect. */
  | { readonly kind: "acknowledged"; readonly item: Item }
  /** The engine, a person or a queue invoked a function. */
  | { readonly kind: "invoked"; readonly invocation: number; readonly name: string }
  | HandlerBegan
  /** A handler was given this result of an action. */
  | {
      readonly kind: "acted";
      readonly runId: string;
      readonly path: string;
      readonly action: string;
      readonly result: Json;
    }
  /** A function returned this. */
  | { readonly kind: "returned"; readonly name: string; readonly payload: Json; readonly result: Json }
  | { readonly kind: "effect"; readonly effect: Effect }
  /** A call of a receiver took so many tokens, whether or not anybody heard of it. */
  | { readonly kind: "spent"; readonly runId: string; readonly tokens: number }
  /** A model was asked, under the key of the action; with a digest of what it was asked. */
  | { readonly kind: "bought"; readonly key: string; readonly asked: string }
  | { readonly kind: "closed"; readonly runId: string; readonly status: string; readonly error: string | undefined }
  /** What a person heard of a decision: accepted, refused with a code, or nothing. */
  | { readonly kind: "decided"; readonly escalation: string; readonly decision: string; readonly heard: string }
  | { readonly kind: "fault"; readonly what: string; readonly where: string }
  /** A sweep that began then, in milliseconds since the epoch, has come to its end. */
  | { readonly kind: "swept"; readonly begun: number }
  | { readonly kind: "process"; readonly what: string };

export interface HandlerBegan {
  readonly kind: "handler";
  readonly invocation: number;
  readonly runId: string;
  readonly path: string;
  readonly input: Json;
  readonly undo: boolean;
}

/** What a receiver outside did when it was called. */
export interface Effect {
  readonly idempotencyKey: string;
  readonly receiver: Receiver;
  readonly runId: string;
  readonly path: string;
  readonly action: string;
  /** By which a loop asked for it; absent of a task. */
  readonly call?: { readonly tool: string; readonly input: Json };
  readonly undo: boolean;
  /** What it answered with: a number of its own for everything that is done. */
  readonly receipt: number;
  /** A receiver that knows the key has done nothing this time. */
  readonly deduplicated: boolean;
}

/** `keyed` honours idempotency keys, `plain` does whatever it is asked, every time. */
export type Receiver = "keyed" | "plain";

export type Recorded = Fact & { readonly at: number };

/** All facts of a simulation, in the order in which they happened. */
export class Truth {
  readonly facts: Recorded[] = [];

  constructor(private readonly now: () => number) {}

  note(fact: Fact): void {
    this.facts.push({ ...fact, at: this.now() });
  }
}
