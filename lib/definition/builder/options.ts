import type { z } from "zod";
import type { AgentSource } from "../document.ts";
import type { Duration } from "../duration.ts";
import type { Outcome } from "../policies.ts";
import type { Condition } from "../value.ts";
import type { ReasonStep, TaskStep } from "../work-steps.ts";
import type { Evaluated, Mapping, Ref, Refs } from "./reference.ts";
import type { Schema } from "./schema.ts";
import type { AnyTools, ToolsOf } from "./tools.ts";

/** A mapping is written as a function of what can be referred to. */
export type MappingOf<Scope, To extends Mapping = Mapping> = ($: Refs<Scope>) => To;

export type AgentOptions<Input extends Schema, Tools extends AnyTools> = Omit<
  AgentSource,
  "holdfast" | "input" | "tools" | "steps" | "output"
> & {
  readonly input: Input;
  readonly tools?: Tools;
};

export type TaskOptions<Scope, Input extends Mapping, Output extends Schema> = Omit<
  z.input<typeof TaskStep>,
  "kind" | "name" | "input" | "output"
> & {
  readonly input: MappingOf<Scope, Input>;
  readonly output: Output;
};

type ReasonSource = z.input<typeof ReasonStep>;

export type ReasonOptions<
  Scope,
  Input extends Mapping,
  Output extends Schema,
  Tool extends keyof ToolsOf<Scope> & string,
> = Omit<ReasonSource, "kind" | "name" | "input" | "output" | "tools" | "models" | "enough"> & {
  readonly tools: readonly Tool[];
  readonly input: MappingOf<Scope, Input>;
  readonly output: Output;
  readonly models: Omit<ReasonSource["models"], "strong"> & {
    readonly strong?: { readonly model: string; readonly when: LoopCondition<Scope, Input, Tool> };
  };
  readonly enough?: LoopCondition<Scope, Input, Tool>;
};

type LoopCondition<Scope, Input extends Mapping, Tool extends keyof ToolsOf<Scope>> = (
  $: Refs<LoopScope<Scope, Input, Tool>>,
) => Condition;

/** What a reasoning step has come to. */
export interface LoopScope<Scope, Input extends Mapping, Tool extends keyof ToolsOf<Scope>> {
  readonly input: Evaluated<Input>;
  /** What each tool answered last. */
  readonly facts: Pick<ToolsOf<Scope>, Tool>;
  /** The number of turns so far. */
  readonly turn: number;
  /** How many calls of tools there were, and how many of them failed. */
  readonly calls: number;
  readonly failures: number;
}

export interface ApprovalOptions<Scope> {
  readonly ladder: string;
  readonly request: MappingOf<Scope>;
  readonly recommendation?: MappingOf<Scope>;
  readonly onReject?: Outcome;
}

export type WaitOptions<Scope> = { readonly for: Duration } | { readonly until: MappingOf<Scope, Ref<string>> };

export interface SubflowOptions<Scope, Output extends Schema> {
  readonly agent: string;
  readonly input: MappingOf<Scope>;
  readonly output: Output;
  readonly timeout?: Duration;
  readonly onFailure?: Outcome;
}

export interface BranchOptions<Scope, Inner> {
  readonly name: string;
  readonly when: ($: Refs<Scope>) => Condition;
  readonly steps: Inner;
}
