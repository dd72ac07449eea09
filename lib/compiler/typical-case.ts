import { added, aroundRun, type Counts, isObject, NOTHING, PLATFORM_MEMORY, times } from "../contract/index.ts";
import {
  type AgentDocument,
  allSteps,
  isWork,
  type ReasonStep,
  toolGates,
  type WorkStep,
} from "../definition/index.ts";
import type { ChoiceState, MapState, State, StateMachine, TaskState } from "./asl.ts";
import { compile } from "./compile.ts";
import { text } from "./expression.ts";
import { itemBounds } from "./item-bounds.ts";
import { keyOf } from "./names.ts";

/** What a typical run takes: by the state machine, and by the functions and queues around it. */
export interface TypicalCase {
  readonly machine: Counts;
  readonly platform: Counts;
}

export interface TypicalOptions {
  /** How long an invocation takes, in seconds. @default 1 */
  readonly secondsPerInvocation?: number;
}

/** Of a write: its intent and its result are kept, and it is looked for before. One is taken for granted in each step that writes. */
const ACTION: Partial<Counts> = { storeWrites: 2, storeReads: 1 };
/** Of a turn of a model, or a call that reads: its result is kept. */
const OBSERVED: Partial<Counts> = { storeWrites: 1 };
/** Its checkpoint; a write has a lease before, and looks whether its run is being given up. */
const STEP: Partial<Counts> = { storeWrites: 1, storeReads: 1 };
const WRITE_STEP: Partial<Counts> = { storeWrites: 2, storeReads: 1 };
/** An attempt that ends in asking people gives its lease up and is kept, and those before it are looked for. */
const PAUSE: Partial<Counts> = { storeWrites: 2, storeReads: 2 };
/** What a turn may cost is held in a limited budget, and an attempt gives back what it did not. */
const HELD: Partial<Counts> = { storeWrites: 1 };
/** The question and the run's mark; the run's items are read, and how much is asked of the audience. */
const QUESTION: Partial<Counts> = { storeWrites: 2, indexWrites: 3, storeReads: 6 };
/** Its RUN item, which the status event of its end closes; what people are asked is looked for then. */
const RUN: Partial<Counts> = { storeWrites: 2, indexWrites: 3, storeReads: 1 };
/** What the state machine decided before an end that has no function. */
const RECORDING: Partial<Counts> = { storeWrites: 1 };
/** A step that ends the run closes it at once. */
const CLOSING: Partial<Counts> = { storeWrites: 1 };

/**
 * A typical run, read off the compiled machine: every step succeeds at its first attempt, every choice takes its first
 * branch, people are asked on the first tier and approve, every list is as long as its schema lets it be, and every step
 * that writes performs one action. A loop calls each of its tools that read, then one that writes, asking before where it
 * has to, and answers. What subflows take is their own.
 */
export function typicalCase(agent: AgentDocument, { secondsPerInvocation = 1 }: TypicalOptions = {}): TypicalCase {
  const way = new Way(agent, secondsPerInvocation);
  const machine = added([way.through(compile(agent)), RUN]);
  const isTriggered = agent.triggers.length > 0;
  return { machine, platform: aroundRun({ isTriggered, questions: way.questions, secondsPerInvocation }) };
}

class Way {
  /** How often people are asked. */
  questions = 0;
  readonly #steps: ReadonlyMap<string, WorkStep>;
  readonly #bounds: ReadonlyMap<string, number>;
  #origin = "";

  constructor(
    private readonly agent: AgentDocument,
    private readonly seconds: number,
  ) {
    const steps = [...allSteps(agent.steps)].filter(isWork);
    this.#steps = new Map(steps.map((step) => [keyOf({ kind: "step", step: step.name }), step]));
    this.#bounds = new Map([...itemBounds(agent)].map(([{ name }, bound]) => [name, bound]));
  }

  through({ StartAt, States }: StateMachine): Counts {
    const taken: Counts[] = [];
    for (let name: string | undefined = StartAt; name !== undefined; ) {
      const state: State | undefined = States[name];
      if (state === undefined) throw new RangeError(`There is no state ${name}.`);
      taken.push(added([{ transitions: 1 }, this.#of(name, state)]));
      name = this.#next(state);
    }
    return added(taken);
  }

  #of(name: string, state: State): Counts {
    switch (state.Type) {
      case "Task":
        return this.#ofTask(state);
      case "Parallel":
        return added(state.Branches.map((branch) => this.through(branch)));
      case "Map":
        return this.#ofMap(name, state);
      case "Pass":
        this.#origin = originIn(state.Assign) ?? this.#origin;
        return NOTHING;
      case "Choice":
      case "Wait":
      case "Succeed":
      case "Fail":
        return NOTHING;
    }
  }

  #ofTask({ Arguments }: TaskState): Counts {
    const called = /^\$\{(.+)\}$/.exec(String(Arguments.FunctionName ?? ""))?.[1];
    if (called === undefined) return NOTHING;
    const step = this.#steps.get(called);
    const invocation = this.#invocation(step?.memory);
    if (step === undefined) return added([invocation, this.#ofPlatform(Arguments)]);
    const ends = isObject(Arguments.Payload) && Arguments.Payload.final === true ? [CLOSING] : [];
    if (step.kind === "reason") return added([invocation, ...ends, WRITE_STEP, this.#ofLoop(step, invocation)]);
    return added([invocation, ...ends, ...(step.effect === "write" ? [WRITE_STEP, ACTION] : [STEP])]);
  }

  #invocation(memory = PLATFORM_MEMORY): Partial<Counts> {
    return { invocations: 1, gigabyteSeconds: (this.seconds * memory) / 1_024 };
  }

  /** Each call on a turn of its own, and a turn for the answer. */
  #ofLoop(step: ReasonStep, invocation: Partial<Counts>): Counts {
    const reads = step.tools.filter((name) => this.agent.tools[name]?.effect !== "write").length;
    const writes = step.tools.length > reads;
    const turns = reads + Number(writes) + 1;
    const isAsked = toolGates(this.agent, step).size > 0;
    if (isAsked) this.questions += 1;
    // The tier, its decision, and the step once more, which takes the lease again.
    const asked = [OBSERVED, PAUSE, { transitions: 3 }, this.#invocation(), QUESTION, invocation, WRITE_STEP];
    const { tokens, usd } = this.agent.budget;
    const held = tokens === undefined && usd === undefined ? 0 : turns + 1 + Number(isAsked);
    return added([
      times(added([OBSERVED]), turns + reads),
      times(added([HELD]), held),
      ...(writes ? [ACTION] : []),
      ...(isAsked ? asked : []),
    ]);
  }

  #ofPlatform({ Payload }: TaskState["Arguments"]): Partial<Counts> {
    if (isObject(Payload) && "decided" in Payload) return added([RECORDING, Payload.final === true ? CLOSING : {}]);
    if (!isObject(Payload) || !("ask" in Payload)) return {};
    this.questions += 1;
    return QUESTION;
  }

  #ofMap(name: string, { ItemProcessor }: MapState): Counts {
    const step = [...this.#bounds.keys()].find((each) => name === each || name.startsWith(`${each} (`)) ?? name;
    const before = this.questions;
    const item = this.through(ItemProcessor);
    const count = this.#bounds.get(step) ?? 0;
    this.questions = before + (this.questions - before) * count;
    return times(item, count);
  }

  #next(state: State): string | undefined {
    if (state.Type === "Choice") return this.#chosen(state);
    return "Next" in state ? state.Next : undefined;
  }

  /** The first branch, or after a question the way of an approval. */
  #chosen({ Choices, Default }: ChoiceState): string {
    const approved = Choices.find(
      ({ Condition }) => Condition.includes(`= ${text("approve")}`) && Condition.includes(`= ${text(this.#origin)}`),
    );
    return (approved ?? Choices[0])?.Next ?? Default;
  }
}

/** The origin of the incident that a Pass remembers, under whatever name. */
function originIn(assigned: object | undefined): string | undefined {
  const [incident] = Object.values(assigned ?? {});
  return isObject(incident) && "origin" in incident ? String(incident.origin) : undefined;
}
