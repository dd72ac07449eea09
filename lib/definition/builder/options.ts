import type { z } from "zod";
import type { AgentSource } from "../document.ts";
import type { Duration } from "../duration.ts";
import type { Outcome } from "../policies.ts";
import type { TaskStep } from "../steps.ts";
import type { Condition } from "../value.ts";
import type { Mapping, Ref, Refs } from "./reference.ts";
import type { Schema } from "./schema.ts";

/** A mapping is written as a function of what can be referred to. */
export type MappingOf<Scope, To extends Mapping = Mapping> = ($: Refs<Scope>) => To;

export type AgentOptions<Input extends Schema> = Omit<AgentSource, "holdfast" | "input" | "steps" | "output"> & {
  readonly input: Input;
};

export type TaskOptions<Scope, Input extends Mapping, Output extends Schema> = Omit<
  z.input<typeof TaskStep>,
  "kind" | "name" | "input" | "output"
> & {
  readonly input: MappingOf<Scope, Input>;
  readonly output: Output;
};

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
