import type { Json } from "../../../contract/index.ts";
import type { State } from "../definition/model.ts";
import type { History } from "../history/history.ts";
import type { Failure, Outcome } from "./entry.ts";
import type { Scope } from "./scope.ts";

/** What happened to the work of a fiber. */
export type Signal =
  | { readonly kind: "timer" | "heartbeat"; readonly work: number }
  | { readonly kind: "response" | "completion"; readonly work: number; readonly outcome: Outcome }
  | { readonly kind: "settled"; readonly child: Fiber };

/** Runs until it waits, and goes on with what it waited for. */
export type Routine<Result> = Generator<void, Result, Signal>;

export type RegionEnd =
  | { readonly kind: "ended"; readonly output: Json }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Where a region is: enough to go on from there, or to be redriven. */
export interface Position {
  readonly state: string;
  readonly input: Json;
  /** The parts of a Parallel or a Map, once they have stopped. */
  readonly parts?: readonly Part[];
}

export type Part =
  | { readonly kind: "untouched" }
  | { readonly kind: "done"; readonly output: Json }
  | { readonly kind: "open"; readonly position: Position; readonly scope: Scope };

export interface MapItem {
  readonly index: number;
  readonly value: Json;
}

/** One region being run: the machine itself, a branch or an item. */
export class Fiber {
  readonly children = new Set<Fiber>();
  readonly works = new Set<number>();
  /** The event that the next one follows. */
  previous: number;
  /** The event before the decision that is being made. */
  anchor: number;
  position: Position | undefined;
  state: State | undefined;
  end: RegionEnd | undefined;

  constructor(
    readonly parent: Fiber | undefined,
    readonly scope: Scope,
    readonly history: History,
    readonly item: MapItem | undefined,
    previous: number,
  ) {
    this.previous = previous;
    this.anchor = previous;
  }
}
