import type { Json, JsonObject } from "../../../contract/index.ts";
import type { Region, State } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import { bareObject } from "../expression/bare-object.ts";
import type { Evaluation, TimeBox } from "../expression/expression.ts";
import { bytesOf } from "../expression/size.ts";
import type { Surroundings } from "../expression/surroundings.ts";
import { EvaluationFailure, evaluateTemplate, type Template } from "../expression/template.ts";
import type { EventDetails, EventType } from "../history/events.ts";
import type { Failure } from "./entry.ts";
import type { Fiber, MapItem, Part } from "./fiber.ts";
import type { Work } from "./work.ts";

/** What states do to the execution that they are part of. */
export interface Host {
  /** Milliseconds since the epoch: when what is being handled happened. */
  readonly now: number;
  readonly surroundings: Surroundings;
  readonly timeBox: TimeBox;
  /** The parts of `$states.context` that are the same everywhere in the execution. */
  readonly context: JsonObject;
  begin(fiber: Fiber, work: Work): number;
  /** The call is over, but not the task. */
  become(id: number, work: Work): void;
  /** Work that has ended already stays so. */
  cancel(id: number): void;
  spawn(parent: Fiber, child: Child): Fiber;
  abort(fiber: Fiber): void;
  newToken(): string;
  mapRunArn(label: string): string;
}

export interface Child {
  readonly region: Region;
  readonly input: Json;
  readonly item?: MapItem;
  readonly previous: number;
  /** Runs as an execution of its own: with its own history, without the variables outside. */
  readonly apart: boolean;
  readonly resume?: Part;
}

/** Ends a state's attempt. Retry and Catch of the state decide what comes of it. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";
  constructor(readonly failure: Failure) {
    super(failure.cause);
  }
}

/** Hard limit of AWS for every input, output, result and variable, as UTF-8 JSON. */
export const MAX_PAYLOAD_BYTES = 262_144;
const MAX_VARIABLES_BYTES = 10 * 1024 * 1024;

/** What an expression sees besides the input and the context of its state. */
export interface Sight {
  readonly result?: Json;
  readonly errorOutput?: Json;
  /** The item of a Map that is being prepared. */
  readonly item?: MapItem;
}

const NOTHING_ELSE: Sight = {};

/** One visit to a state. */
export class Frame {
  /** 0 for the first. */
  attempt = 0;
  /** Set where the attempt waits for a token. */
  token: string | undefined;
  readonly #enteredAt: number;
  #enteredEvent = 0;
  #evaluated: { readonly sight: Sight; readonly evaluation: Evaluation } | undefined;

  constructor(
    readonly host: Host,
    readonly fiber: Fiber,
    readonly state: State,
    readonly input: Json,
  ) {
    this.#enteredAt = host.now;
  }

  enter(): void {
    this.fiber.anchor = this.fiber.previous;
    this.#enteredEvent = this.emit(`${this.state.type}StateEntered`, { name: this.state.name, input: this.input });
  }

  /** Records an event that follows the last one. */
  emit(type: EventType, details?: EventDetails): number {
    const id = this.fiber.history.add(this.host.now, type, this.fiber.previous, details);
    this.fiber.previous = id;
    return id;
  }

  /** Records an event that the next one does not follow. */
  emitAside(type: EventType, details?: EventDetails): void {
    this.fiber.history.add(this.host.now, type, this.fiber.previous, details);
  }

  /** What comes next is decided anew, by what has just been recorded. */
  settle(): void {
    this.fiber.anchor = this.fiber.previous;
  }

  evaluate(template: Template, sight: Sight = NOTHING_ELSE): Json {
    if (template.kind === "literal") return template.value;
    try {
      return evaluateTemplate(template, this.#evaluation(sight));
    } catch (error) {
      if (error instanceof EvaluationFailure) this.failEvaluation(error.message, error.location);
      throw error;
    }
  }

  /** @throws StateFailure `States.QueryEvaluationError`, once it is recorded. */
  failEvaluation(message: string, location?: string): never {
    const { name } = this.state;
    const failure = { error: StatesError.QueryEvaluationError, cause: this.causeOf(message) };
    this.fiber.previous = this.fiber.anchor;
    this.emit("EvaluationFailed", { ...failure, state: name, ...(location === undefined ? {} : { location }) });
    throw new StateFailure(failure);
  }

  causeOf(message: string): string {
    return `An error occurred while executing the state '${this.state.name}' (entered at the event id #${this.#enteredEvent}). ${message}`;
  }

  /** @throws StateFailure `States.DataLimitExceeded` */
  limitSize(value: Json): Json {
    const failure = this.sizeFailure(value);
    if (failure !== undefined) throw new StateFailure(failure);
    return value;
  }

  sizeFailure(value: Json): Failure | undefined {
    return bytesOf(value) > MAX_PAYLOAD_BYTES ? this.#tooLarge() : undefined;
  }

  /** Takes effect for the states after this one. @throws StateFailure `States.DataLimitExceeded` */
  assign(variables: JsonObject): void {
    const limits = { together: MAX_PAYLOAD_BYTES, all: MAX_VARIABLES_BYTES };
    if (!this.fiber.scope.assign(variables, limits)) throw new StateFailure(this.#tooLarge());
  }

  #tooLarge(): Failure {
    return {
      error: StatesError.DataLimitExceeded,
      cause: `The state/task '${this.state.name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    };
  }

  #evaluation(sight: Sight): Evaluation {
    if (this.#evaluated?.sight === sight) return this.#evaluated.evaluation;
    const evaluation = this.#newEvaluation(sight);
    this.#evaluated = { sight, evaluation };
    return evaluation;
  }

  #newEvaluation({ result, errorOutput, item }: Sight): Evaluation {
    const { host, input } = this;
    const { scope } = this.fiber;
    const context = () => this.#context(item ?? this.fiber.item);
    const states: Record<string, Json> = {
      __proto__: null,
      input,
      get context() {
        return context();
      },
    };
    if (result !== undefined) states.result = result;
    if (errorOutput !== undefined) states.errorOutput = errorOutput;
    return {
      lookup: (variable) => (variable === "states" ? states : scope.get(variable)),
      bindings: () => scope.addTo({ __proto__: null, states }),
      surroundings: host.surroundings,
      timeBox: host.timeBox,
    };
  }

  #context(item: MapItem | undefined): JsonObject {
    const { host, attempt, token } = this;
    const context = Object.assign(bareObject(), host.context);
    context.State = bare({ Name: this.state.name, EnteredTime: isoTime(this.#enteredAt), RetryCount: attempt });
    if (token !== undefined) context.Task = bare({ Token: token });
    if (item !== undefined) context.Map = bare({ Item: bare({ Index: item.index, Value: item.value }) });
    return context;
  }
}

const isoTime = (time: number) => new Date(time).toISOString();

/** Without the names that objects inherit. */
const bare = (members: JsonObject): JsonObject => Object.assign(bareObject(), members);
