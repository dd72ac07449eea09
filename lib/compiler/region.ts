import type { Json, JsonObject } from "../contract/index.ts";
import {
  type AgentDocument,
  type EachStep,
  type Step,
  type Value,
  type Writes,
  writesOf,
} from "../definition/index.ts";
import type { State } from "./asl.ts";
import { bind, compileOutput, jsonata, type Names } from "./expression.ts";
import { bounded, variableOf } from "./names.ts";
import { stepNumbers } from "./step-numbers.ts";
import { recording } from "./trail.ts";

/**
 * Where a run goes after a step: to another state, or out of its region with an output. `state` is what a Succeed state
 * with that output is called, where one is needed.
 */
export type Continuation =
  | { readonly kind: "next"; readonly state: string }
  | { readonly kind: "end"; readonly output: Value; readonly state: string };

/** What hands over to a ladder, and where the decisions about it lead; any other decision gives the run up. */
export interface Handover {
  /** The state that a retry re-enters; the incident names it, too. */
  readonly origin: string;
  readonly routes: readonly Route[];
}

export interface Route {
  readonly decision: "approve" | "reject" | "retry" | "override";
  readonly Next: string;
  readonly Assign?: JsonObject;
  /** @default what the state was given */
  readonly Output?: Json;
}

/** The states of one ladder in a region, and the steps that share them. */
export interface LadderUse {
  readonly label: string;
  readonly ladder: string;
  /** The state to which decisions lead that no route is for. */
  readonly giveUp: string;
  /** By the origin that hands over. */
  readonly routes: Map<string, readonly Route[]>;
}

/** Where a step is in a run: fixed text, after the path of the item it belongs to where there is one. */
interface PathPrefix {
  readonly ofItem: boolean;
  readonly text: string;
}

/**
 * One scope of states: the machine itself, a parallel branch or the processing of an item. States of one region cannot
 * lead into another, so each has its own ends and its own copy of the ladders it uses.
 */
export class Region {
  readonly #states = new Map<string, State>();
  readonly #ends = new Map<string, State>();
  readonly #ladders = new Map<string, LadderUse>();
  /** Something here leads to the undoing of completed writes. */
  abandons = false;
  /** The state machine decides something here by itself, which the next function is told. */
  tracks = false;

  private constructor(
    readonly agent: AgentDocument,
    /** What steps of the whole agent leave behind. */
    readonly writes: Writes,
    /** Bare JSONata of a step's number, where steps are numbered. */
    readonly numbers: ReadonlyMap<Step, string>,
    readonly names: Names,
    readonly id: readonly string[],
    private readonly prefix: PathPrefix,
    private readonly itemNames: readonly string[],
    private readonly isNumbered = false,
  ) {}

  static top(agent: AgentDocument, names: Names): Region {
    return new Region(agent, writesOf(agent), stepNumbers(agent), names, [], { ofItem: false, text: "" }, []);
  }

  branch(step: string, name: string): Region {
    const prefix = { ...this.prefix, text: `${this.prefix.text}${step}/${name}/` };
    return new Region(
      this.agent,
      this.writes,
      this.numbers,
      this.names,
      [...this.id, step, name],
      prefix,
      this.itemNames,
      this.isNumbered,
    );
  }

  item(step: EachStep): Region {
    const variable = variableOf(step.as);
    const names = bind(this.names, step.as, `$states.input.${variable}`);
    const prefix = { ofItem: true, text: "/" };
    const itemNames = [...this.itemNames, variable];
    const isNumbered = this.numbers.has(step);
    return new Region(
      this.agent,
      this.writes,
      this.numbers,
      names,
      [...this.id, step.name],
      prefix,
      itemNames,
      isNumbered,
    );
  }

  get isTop(): boolean {
    return this.id.length === 0;
  }

  /** The name of a state that every region has its own of. */
  stateName(name: string): string {
    return this.isTop ? name : bounded(`${name} (${this.id.join(" ")})`);
  }

  /** The name of a variable that every region has its own of: inner scopes may not reuse outer names. */
  variable(name: string): string {
    return bounded([name, ...this.id.map(variableOf)].join("__"));
  }

  /**
   * What a state hands to the next: the item and its path, where there are any. Results travel in variables. What was
   * decided before has been kept by this state's function, and is not handed on.
   */
  get frame(): Json {
    if (!this.prefix.ofItem) return {};
    return this.tracks ? this.#item : jsonata("$states.input");
  }

  /** The same from a state that keeps nothing of what was decided. */
  get carried(): Json {
    return this.tracks ? this.#carrying("") : this.frame;
  }

  /** The same from a state that decides this, too; bare JSONata. */
  deciding(way: string): Json {
    return this.#carrying(`, ${way}`);
  }

  #carrying(more: string): Json {
    return { ...this.#item, [TRAIL]: jsonata(`[$states.input.${TRAIL}${more}]`) };
  }

  get #item(): JsonObject {
    if (!this.prefix.ofItem) return {};
    const number = this.isNumbered ? { number: jsonata("$states.input.number") } : {};
    return { path: jsonata("$states.input.path"), ...this.items, ...number };
  }

  /** What a function is told that keeps what was decided before it. */
  get told(): JsonObject {
    return this.tracks ? { decided: jsonata(`[$states.input.${TRAIL}]`) } : {};
  }

  /** The items that a state here carries, to be carried on to the items within. */
  get items(): JsonObject {
    return Object.fromEntries(this.itemNames.map((name) => [name, jsonata(`$states.input.${name}`)]));
  }

  /** The checkpoint path of a step, as ASL. */
  pathOf(step: string): string {
    return this.prefix.ofItem ? jsonata(this.pathExpression(step)) : `${this.prefix.text}${step}`;
  }

  /** The same as bare JSONata. */
  pathExpression(step: string): string {
    const own = JSON.stringify(`${this.prefix.text}${step}`);
    return this.prefix.ofItem ? `$states.input.path & ${own}` : own;
  }

  add(name: string, state: State): void {
    const ends = state.Type === "Succeed" || state.Type === "Fail";
    (ends ? this.#ends : this.#states).set(name, state);
  }

  /** All states, those that end the region last. */
  get states(): Readonly<Record<string, State>> {
    return Object.fromEntries([...this.#states, ...this.#ends]);
  }

  get ladders(): Iterable<LadderUse> {
    return this.#ladders.values();
  }

  /** Lets a ladder's decisions find their way back to their origin. Repeating a route changes nothing. */
  handOver(ladder: Omit<LadderUse, "routes">, { origin, routes }: Handover): void {
    const use = this.#ladders.get(ladder.label) ?? { ...ladder, routes: new Map<string, readonly Route[]>() };
    this.#ladders.set(ladder.label, use);
    const known = use.routes.get(origin) ?? [];
    const added = routes.filter((route) => !known.some(({ decision }) => decision === route.decision));
    use.routes.set(origin, [...known, ...added]);
  }

  /** How a state ends whose function keeps what was decided: on to the next one, or out with the region's output, to which its own result may belong. */
  leave(continuation: Continuation, own?: Own) {
    if (continuation.kind === "next") return { Output: this.frame, Next: continuation.state };
    const names = own === undefined ? this.names : bind(this.names, own.step, own.result);
    return { Output: compileOutput(continuation.output, names), End: true as const };
  }

  /** The same for a state that keeps nothing of it. */
  pass(continuation: Continuation, own?: Own) {
    if (continuation.kind === "end" && !this.tracks) return this.leave(continuation, own);
    return { Output: this.carried, Next: this.stateAfter(continuation) };
  }

  /** The state that a continuation leads to; an end gets a state of its own, for those who can only go on to one. */
  stateAfter(continuation: Continuation): string {
    const { state } = continuation;
    if (continuation.kind === "end") {
      const Output = compileOutput(continuation.output, this.names);
      const bare = this.tracks ? bounded(`${state}: not recorded`) : state;
      if (this.tracks) this.add(state, { ...recording(this, bare, { closes: this.isTop }), Output, End: true });
      this.add(bare, { Type: "Succeed", Output });
    }
    return state;
  }
}

/** A state's own result, as part of a region's output. */
interface Own {
  readonly step: string;
  readonly result: string;
}

/** Under what a state's input says what was decided. No name of an item has two underscores. */
const TRAIL = "decided__since";
