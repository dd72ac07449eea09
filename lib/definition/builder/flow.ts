import type { AgentSource } from "../document.ts";
import type { End, Step } from "../steps.ts";
import type { Value } from "../value.ts";
import type {
  ApprovalOptions,
  BranchOptions,
  LoopScope,
  MappingOf,
  ReasonOptions,
  SubflowOptions,
  TaskOptions,
  WaitOptions,
} from "./options.ts";
import { type Evaluated, type Mapping, plain, type Ref, type Refs, references } from "./reference.ts";
import { jsonSchemaOf, type Schema, type TypeOf } from "./schema.ts";
import type { ToolsOf } from "./tools.ts";

/** An approval, once given. */
export interface Approval {
  readonly decision: "approve";
  readonly by: string;
  readonly at: string;
  readonly note: string;
}

type SourceStep = AgentSource["steps"][number] | Step;

/** What a sequence of steps amounts to, whatever its types. */
export interface AnyFlow<Output = unknown> {
  readonly parts: {
    /** What the agent is besides its steps; absent inside it. */
    readonly head?: Omit<AgentSource, "steps" | "output">;
    readonly steps: readonly SourceStep[];
    readonly output?: Value;
    readonly end?: End;
  };
  readonly outputType?: Output;
}

type Grown<Scope, Name extends string, Output> = Scope & { readonly [Key in Name]: Output };

/**
 * A sequence of steps under construction. Every method returns a new one; what it refers to is typed by the input and
 * the outputs of the steps before.
 */
export class Flow<Scope, Output = unknown> implements AnyFlow<Output> {
  declare readonly outputType?: Output;

  constructor(readonly parts: AnyFlow["parts"]) {}

  /** A task: one Lambda function, retried, caught and checkpointed as declared. */
  step<const Name extends string, const Input extends Mapping, Result extends Schema>(
    name: Name,
    { input, output, ...options }: TaskOptions<Scope, Input, Result>,
  ): Flow<Grown<Scope, Name, TypeOf<Result>>> {
    return this.add({ ...options, kind: "task", name, input: this.map(input), output: jsonSchemaOf(output) });
  }

  /** A model thinks and calls tools until it has the output; every call is recorded, and gated where it writes. */
  reason<
    const Name extends string,
    const Input extends Mapping,
    Result extends Schema,
    Tool extends keyof ToolsOf<Scope> & string,
  >(
    name: Name,
    { input, output, models, enough, ...options }: ReasonOptions<Scope, Input, Result, Tool>,
  ): Flow<Grown<Scope, Name, TypeOf<Result>>> {
    const { strong, ...route } = models;
    const $ = references<LoopScope<Scope, Input, Tool>>();
    return this.add({
      ...options,
      kind: "reason",
      name,
      input: this.map(input),
      output: jsonSchemaOf(output),
      models: { ...route, ...(strong === undefined ? {} : { strong: { ...strong, when: strong.when($) } }) },
      ...(enough === undefined ? {} : { enough: enough($) }),
    });
  }

  /** People are asked before the run goes on. */
  approval<const Name extends string>(
    name: Name,
    { request, recommendation, ...options }: ApprovalOptions<Scope>,
  ): Flow<Grown<Scope, Name, Approval>> {
    const advice = recommendation === undefined ? {} : { recommendation: this.map(recommendation) };
    return this.add({ ...options, kind: "approval", name, request: this.map(request), ...advice });
  }

  /** The run rests, at no cost. */
  wait(name: string, options: WaitOptions<Scope>): Flow<Scope> {
    if ("for" in options) return this.add({ kind: "wait", name, for: options.for });
    return this.add({ kind: "wait", name, until: { $from: options.until(references<Scope>()).$from } });
  }

  /** Another agent runs as a step of this one. */
  subflow<const Name extends string, Result extends Schema>(
    name: Name,
    { input, output, ...options }: SubflowOptions<Scope, Result>,
  ): Flow<Grown<Scope, Name, TypeOf<Result>>> {
    return this.add({ ...options, kind: "subflow", name, input: this.map(input), output: jsonSchemaOf(output) });
  }

  /** The first branch whose condition holds is taken, else `otherwise`; then the run goes on after the choice. */
  choose(
    name: string,
    options: {
      readonly branches: readonly BranchOptions<Scope, (flow: Flow<Scope>) => AnyFlow>[];
      readonly otherwise: (flow: Flow<Scope>) => AnyFlow;
    },
  ): Flow<Scope> {
    const branches = options.branches.map(({ name: branch, when, steps }) => ({
      name: branch,
      when: when(references<Scope>()),
      ...steps(new Flow<Scope>(EMPTY)).parts,
    }));
    return this.add({
      kind: "choose",
      name,
      branches,
      otherwise: options.otherwise(new Flow<Scope>(EMPTY)).parts,
    } as Step);
  }

  /** Branches that run at the same time; the result has what each of them returns under its name. */
  parallel<const Name extends string, Outputs extends Readonly<Record<string, unknown>>>(
    name: Name,
    branches: { readonly [Branch in keyof Outputs]: (flow: Flow<Scope>) => AnyFlow<Outputs[Branch]> },
  ): Flow<Grown<Scope, Name, Outputs>> {
    const built = Object.entries<(flow: Flow<Scope>) => AnyFlow>(branches).map(([branch, build]) => {
      return [branch, build(new Flow<Scope>(EMPTY)).parts];
    });
    return this.add({ kind: "parallel", name, branches: Object.fromEntries(built) } as Step);
  }

  /** The same steps for every item of a list, several at a time; the result lists what each returns. */
  each<const Name extends string, const As extends string, Item, Result>(
    name: Name,
    options: {
      readonly items: ($: Refs<Scope>) => Ref<readonly Item[]> | Ref<Item[]>;
      readonly as: As;
      readonly concurrency?: number;
      readonly steps: (flow: Flow<Grown<Scope, As, Item>>) => AnyFlow<Result>;
    },
  ): Flow<Grown<Scope, Name, Result[]>> {
    const { steps, items, ...rest } = options;
    const from = { $from: items(references<Scope>()).$from };
    return this.add({ kind: "each", name, items: from, ...rest, ...steps(new Flow(EMPTY)).parts } as Step);
  }

  /** What the run, the branch or the item yields. */
  returns<const To extends Mapping>(mapping: MappingOf<Scope, To>): Flow<Scope, Evaluated<To>> {
    return new Flow({ ...this.parts, output: this.map(mapping) });
  }

  /** Ends the whole run here, as completed, with this output. */
  end(mapping: MappingOf<Scope>): AnyFlow {
    return { parts: { ...this.parts, end: { output: this.map(mapping) } } };
  }

  private add<NewScope>(step: SourceStep): Flow<NewScope> {
    return new Flow({ ...this.parts, steps: [...this.parts.steps, step] });
  }

  private map(mapping: MappingOf<Scope>): Value {
    return plain(mapping(references<Scope>()));
  }
}

const EMPTY: AnyFlow["parts"] = { steps: [] };
