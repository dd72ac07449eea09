import type { Json } from "../../lib/contract/index.ts";
import type { AgentDocument } from "../../lib/definition/index.ts";
import type { Item } from "../../lib/ports/index.ts";
import type { StepPlan } from "./handlers.ts";
import type { Exit } from "./history.ts";
import type { LoopPlan } from "./loops.ts";
import type { Recorded } from "./truth.ts";

/** All that is known of a simulation once it is over. */
export interface Evidence {
  readonly facts: readonly Recorded[];
  /** The items as they stand at the end, by key. */
  readonly items: ReadonlyMap<string, Item>;
  readonly runs: readonly RunEvidence[];
  /** Deduplication keys of the events that were put, whatever became of them. */
  readonly events: readonly string[];
  /** Why the simulation was given up, if it was. */
  readonly stuck: string | undefined;
}

export interface RunEvidence {
  readonly runId: string;
  readonly agent: AgentDocument;
  readonly plans: ReadonlyMap<string, StepPlan>;
  /** Of its loops, by path. */
  readonly loops: ReadonlyMap<string, LoopPlan>;
  /** As the store has it at the end. */
  readonly item: Item;
  readonly input: Json;
  /** The run whose subflow it is. */
  readonly parent: string | undefined;
  /** Of the execution; undefined when there is none. */
  readonly end:
    | { readonly status: string; readonly error?: string; readonly cause?: string; readonly output?: Json }
    | undefined;
  readonly exits: readonly Exit[];
}

/** Something that must never be. */
export interface Violation {
  readonly invariant: string;
  readonly detail: string;
}

/** What must hold of every simulation: what is wrong with this one, in words. */
export type Invariant = (evidence: Evidence) => readonly string[];
