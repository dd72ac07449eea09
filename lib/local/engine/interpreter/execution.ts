import type { Json, JsonObject } from "../../../contract/index.ts";
import { seededChance } from "../../seeded-chance.ts";
import type { Machine, Region, State } from "../definition/model.ts";
import { StatesError } from "../error-names.ts";
import type { Surroundings } from "../expression/surroundings.ts";
import { toJson } from "../expression/to-json.ts";
import type { EventDetails, EventType } from "../history/events.ts";
import { History, HistoryFull } from "../history/history.ts";
import type { Entry, Failure, Identity } from "./entry.ts";
import { Fiber, type Position, type RegionEnd, type Routine, type Signal } from "./fiber.ts";
import type { Child, Host } from "./frame.ts";
import { runRegion } from "./region.ts";
import { Scope } from "./scope.ts";
import { RecordingTimeBox } from "./time-box.ts";
import { tokenOf } from "./token.ts";
import type { Work } from "./work.ts";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution stands. */
export interface Standing {
  readonly status: ExecutionStatus;
  /** Milliseconds since the epoch. */
  readonly stoppedAt?: number;
  readonly output?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
}

/** What an entry led to. */
export interface Stepped {
  /** False when nothing waited for what the entry says: it came late, or twice. */
  readonly accepted: boolean;
  readonly begun: ReadonlyMap<number, Work>;
  readonly ended: ReadonlySet<number>;
  /** How many events there are after it. */
  readonly events: number;
  /** Time boxes that ran out, to be kept with the entry. */
  readonly expired: readonly number[];
}

/**
 * One execution of a state machine: entries in, work to do and history out. The same entries always lead to the same,
 * so that the journal of an execution is all there is to keep of it.
 */
export class Execution {
  readonly history = new History(true);
  readonly #work = new Map<number, Work>();
  readonly #owners = new Map<number, Fiber>();
  readonly #tokens = new Map<string, number>();
  readonly #routines = new Map<Fiber, Routine<RegionEnd>>();
  readonly #ready: { readonly fiber: Fiber; readonly signal: Signal }[] = [];
  readonly #host: Host;
  #root: Fiber;
  #standing: Standing = { status: "RUNNING", redriveCount: 0 };
  #timeout: number | undefined;
  #lastWork = 0;
  #now: number;
  #begun = new Map<number, Work>();
  #ended = new Set<number>();
  #timeBox = new RecordingTimeBox(undefined);

  constructor(
    private readonly machine: Machine,
    private readonly identity: Identity,
    startedAt: number,
  ) {
    this.#now = startedAt;
    this.#root = new Fiber(undefined, new Scope(), this.history, undefined, 0);
    this.#host = this.#createHost(contextOf(identity, startedAt));
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** What it waits for. Empty once it has closed. */
  get work(): ReadonlyMap<number, Work> {
    return this.#work;
  }

  /** The task that waits for a token. */
  workOfToken(token: string): number | undefined {
    return this.#tokens.get(token);
  }

  /** @param replay goes by the time boxes that the entry kept. */
  apply(entry: Entry, replay = false): Stepped {
    this.#now = entry.at;
    this.#begun = new Map();
    this.#ended = new Set();
    this.#timeBox = new RecordingTimeBox(replay ? (entry.expired ?? []) : undefined);
    const accepted = this.#accept(entry);
    this.#runReady();
    const { expired } = this.#timeBox;
    return { accepted, begun: this.#begun, ended: this.#ended, events: this.history.events.length, expired };
  }

  #accept(entry: Entry): boolean {
    switch (entry.kind) {
      case "started":
        return this.#start();
      case "stopped":
        return this.#stop(entry);
      case "redriven":
        return this.#redrive();
      default:
        return this.#signal(entry);
    }
  }

  #start(): boolean {
    const { input, roleArn } = this.identity;
    this.history.add(this.#now, "ExecutionStarted", 0, { input, roleArn });
    this.#begin({ state: this.machine.startAt, input });
    return true;
  }

  #begin(position: Position): void {
    const { timeoutSeconds } = this.machine;
    if (timeoutSeconds !== undefined)
      this.#timeout = this.#beginWork({ kind: "timer", at: this.#now + timeoutSeconds * 1000, isLimit: true });
    this.#run(this.#root, this.machine, position);
  }

  #stop({ error, cause }: Failure): boolean {
    if (this.#standing.status !== "RUNNING") return false;
    this.#close("ABORTED", { ...(error === undefined ? {} : { error }), ...(cause === undefined ? {} : { cause }) });
    return true;
  }

  #redrive(): boolean {
    const { status, error, redriveCount } = this.#standing;
    const { position, previous, scope } = this.#root;
    if (status === "RUNNING" || status === "SUCCEEDED") return false;
    if (position === undefined || this.history.full) return false;
    this.#standing = { status: "RUNNING", redriveCount: redriveCount + 1 };
    const event = this.history.add(this.#now, "ExecutionRedriven", previous, { redriveCount: redriveCount + 1 });
    this.#root = new Fiber(undefined, scope, this.history, undefined, event);
    const { state, input } = position;
    this.#begin(error === StatesError.DataLimitExceeded ? { state, input } : position);
    return true;
  }

  #signal(signal: Exclude<Signal, { kind: "settled" }>): boolean {
    const work = this.#work.get(signal.work);
    if (work === undefined || !isAnswer(work, signal)) return false;
    if (signal.work === this.#timeout) {
      this.#close("TIMED_OUT", { error: StatesError.Timeout });
      return true;
    }
    const fiber = this.#owners.get(signal.work);
    if (fiber === undefined) return false;
    if (signal.kind === "timer") this.#endWork(signal.work);
    this.#ready.push({ fiber, signal });
    return true;
  }

  #runReady(): void {
    for (const { fiber, signal } of this.#ready) {
      const routine = this.#routines.get(fiber);
      if (routine !== undefined) this.#resume(fiber, routine, signal);
    }
    this.#ready.length = 0;
  }

  #run(fiber: Fiber, region: Region, position: Position): void {
    const routine = runRegion(this.#host, fiber, region, position);
    this.#routines.set(fiber, routine);
    this.#ready.push({ fiber, signal: BEGIN });
  }

  #resume(fiber: Fiber, routine: Routine<RegionEnd>, signal: Signal): void {
    try {
      const turn = routine.next(signal);
      if (turn.done === true) this.#settle(fiber, turn.value);
    } catch (error) {
      if (!(error instanceof HistoryFull)) throw error;
      if (fiber.history === this.history) this.#close("FAILED", error.failure);
      else this.#settle(fiber, { kind: "failed", failure: error.failure });
    }
  }

  #settle(fiber: Fiber, end: RegionEnd): void {
    fiber.end = end;
    this.#routines.delete(fiber);
    const { parent } = fiber;
    if (parent !== undefined) {
      parent.children.delete(fiber);
      this.#ready.push({ fiber: parent, signal: { kind: "settled", child: fiber } });
    } else if (end.kind === "ended") this.#close("SUCCEEDED", { output: end.output });
    else this.#close("FAILED", end.failure);
  }

  #close(status: Exclude<ExecutionStatus, "RUNNING">, end: { output?: Json } & Failure): void {
    this.#abort(this.#root, status === "ABORTED" || status === "TIMED_OUT");
    if (this.#timeout !== undefined) this.#endWork(this.#timeout);
    this.history.add(this.#now, CLOSING_EVENT[status], this.#root.previous, end);
    this.#standing = { status, stoppedAt: this.#now, redriveCount: this.#standing.redriveCount, ...end };
  }

  /** Stops a fiber and all within it. */
  #abort(fiber: Fiber, recorded: boolean): void {
    for (const child of fiber.children) {
      this.#abort(child, recorded);
      fiber.previous = Math.max(fiber.previous, child.history === fiber.history ? child.previous : 0);
    }
    for (const id of fiber.works) this.#endWork(id);
    const routine = this.#routines.get(fiber);
    this.#routines.delete(fiber);
    routine?.return({ kind: "failed", failure: {} });
    fiber.children.clear();
    fiber.parent?.children.delete(fiber);
    if (recorded && routine !== undefined) this.#recordAbort(fiber);
  }

  #recordAbort(fiber: Fiber): void {
    const add = (type: EventType, details?: EventDetails) => {
      if (!fiber.history.full) fiber.previous = fiber.history.add(this.#now, type, fiber.previous, details);
    };
    const { state, item } = fiber;
    if (state !== undefined && isAbortable(state)) add(`${state.type}StateAborted`);
    if (item !== undefined && fiber.parent?.state !== undefined && fiber.history === fiber.parent.history)
      add("MapIterationAborted", { name: fiber.parent.state.name, index: item.index });
  }

  #beginWork(work: Work, fiber?: Fiber): number {
    const id = ++this.#lastWork;
    this.#work.set(id, work);
    this.#begun.set(id, work);
    if (work.kind === "call" && work.call.token !== undefined) this.#tokens.set(work.call.token, id);
    if (fiber !== undefined) {
      this.#owners.set(id, fiber);
      fiber.works.add(id);
    }
    return id;
  }

  #endWork(id: number): void {
    const work = this.#work.get(id);
    if (work?.kind === "token" || work?.kind === "call") this.#tokens.delete(work.call.token ?? "");
    this.#work.delete(id);
    if (!this.#begun.delete(id)) this.#ended.add(id);
    this.#owners.get(id)?.works.delete(id);
    this.#owners.delete(id);
  }

  #createHost(context: JsonObject): Host {
    const chance = seededChance(this.identity.seed);
    const now = () => this.#now;
    const surroundings: Surroundings = {
      get now() {
        return now();
      },
      random: () => chance.random(),
      uuid: () => chance.uuid(),
    };
    return {
      get now() {
        return now();
      },
      surroundings,
      timeBox: (evaluate) => this.#timeBox.run(evaluate),
      context,
      begin: (fiber, work) => this.#beginWork(work, fiber),
      become: (id, work) => {
        this.#work.set(id, work);
        this.#begun.set(id, work);
      },
      cancel: (id) => {
        if (this.#work.has(id)) this.#endWork(id);
      },
      spawn: (parent, child) => this.#spawn(parent, child),
      abort: (fiber) => this.#abort(fiber, true),
      newToken: () => tokenOf(this.identity.arn, chance.uuid()),
      mapRunArn: (label) =>
        `${this.identity.stateMachineArn.replace(":stateMachine:", ":mapRun:")}/${label}:${chance.uuid()}`,
    };
  }

  #spawn(parent: Fiber, { region, input, item, previous, apart, resume }: Child): Fiber {
    const history = apart ? new History(false) : parent.history;
    const scope = resume?.kind === "open" ? resume.scope : new Scope(apart ? undefined : parent.scope);
    const fiber = new Fiber(parent, scope, history, item ?? (apart ? undefined : parent.item), previous);
    parent.children.add(fiber);
    this.#run(fiber, region, resume?.kind === "open" ? resume.position : { state: region.startAt, input });
    return fiber;
  }
}

/** Sets a routine off; no routine reads its first signal. */
const BEGIN: Signal = { kind: "timer", work: 0 };

const CLOSING_EVENT = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  ABORTED: "ExecutionAborted",
  TIMED_OUT: "ExecutionTimedOut",
} as const;

type Abortable = Extract<State, { type: "Task" | "Wait" | "Parallel" | "Map" }>;
const ABORTABLE: ReadonlySet<string> = new Set(["Task", "Wait", "Parallel", "Map"]);
const isAbortable = (state: State): state is Abortable => ABORTABLE.has(state.type);

function isAnswer(work: Work, { kind }: Signal): boolean {
  switch (kind) {
    case "timer":
      return work.kind === "timer";
    case "response":
      return work.kind === "call";
    case "heartbeat":
      return work.kind !== "timer";
    default:
      return work.kind === "token" || work.kind === "job" || (work.kind === "call" && work.call.token !== undefined);
  }
}

const contextOf = ({ arn, name, input, roleArn, stateMachineArn, stateMachineName }: Identity, startedAt: number) =>
  toJson({
    Execution: { Id: arn, Input: input, Name: name, RoleArn: roleArn, StartTime: new Date(startedAt).toISOString() },
    StateMachine: { Id: stateMachineArn, Name: stateMachineName },
  }).value as JsonObject;
