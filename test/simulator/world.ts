import { PLATFORM_TIMEOUT_SECONDS, RUN } from "../../lib/contract/index.ts";
import type { LoadedAgent } from "../../lib/definition/index.ts";
import {
  type Definitions,
  definitionCache,
  type ExecutionDescription,
  executionArnOf,
  type StateMachine,
  stateMachineArnOf,
} from "../../lib/local/engine/index.ts";
import { machineOf } from "../../lib/local/machine-of.ts";
import { type VirtualClock, virtualClock } from "../../lib/local/virtual-clock.ts";
import type { Item } from "../../lib/ports/index.ts";
import { agentOf, reconcileRun, reconcileRuns } from "../../lib/runtime/index.ts";
import { memoryBlobs } from "../fakes/memory-blobs.ts";
import type { SimulatedAgent } from "./agents.ts";
import type { Bug } from "./bugs.ts";
import { outcomeOf } from "./calls.ts";
import { type Dice, dice } from "./dice.ts";
import type { FaultPlan } from "./faults.ts";
import { handlerOf, type Outside } from "./handlers.ts";
import { reasoningOf } from "./loops.ts";
import { Observer } from "./observed-store.ts";
import type { Ports } from "./ports-of.ts";
import { newDatabase, type Premises, Process } from "./process.ts";
import { Sink } from "./sink.ts";
import { Truth } from "./truth.ts";

export interface WorldOptions {
  readonly seed: string;
  readonly agents: readonly [SimulatedAgent, ...SimulatedAgent[]];
  readonly plan: FaultPlan;
  readonly moodiness: number;
  readonly bug: Bug | undefined;
}

const MINUTE = 60_000;
/** So many tries of what is repeated until it succeeds. */
const MOST_TRIES = 60;

/** Compiled once for all the worlds that begin with the same agent: a third of what a fault would cost otherwise. */
const definitions = new WeakMap<SimulatedAgent, Definitions>();
function definitionsOf(agent: SimulatedAgent): Definitions {
  const known = definitions.get(agent) ?? definitionCache();
  definitions.set(agent, known);
  return known;
}

/** Everything of one simulation: what outlives processes, and the process that is there at the moment. */
export class World {
  readonly dice: Dice;
  readonly time: VirtualClock = virtualClock();
  readonly truth = new Truth(this.time.now);
  readonly sink = new Sink((effect) => this.truth.note({ kind: "effect", effect }));
  readonly observer = new Observer(this.truth);
  readonly agents: readonly LoadedAgent[];
  readonly machines: ReadonlyMap<string, StateMachine>;
  process: Process;
  readonly #premises: Premises;
  #processes = 0;
  #invocations = 0;
  readonly #started = new Set<string>();
  readonly #closed = new Set<string>();
  #look: () => void = () => undefined;

  constructor(private readonly options: WorldOptions) {
    const { seed, plan, bug } = options;
    this.dice = dice(seed);
    this.agents = options.agents.map(({ document }) => ({ name: document.name, directory: "", file: "", document }));
    const machines = this.agents.map((agent): [string, StateMachine] => {
      const machine = machineOf(agent);
      return [stateMachineArnOf(agent.name), bug?.machine?.(machine) ?? machine];
    });
    this.machines = new Map(machines);
    const plans = new Map(options.agents.flatMap(({ plans: own }) => [...own]));
    const loops = new Map(options.agents.flatMap((agent) => [...(agent.loops ?? [])]));
    const { sink, truth, time, observer } = this;
    const outside: Outside = {
      sink,
      truth,
      plan,
      dice: this.dice.fork("handlers"),
      moodiness: options.moodiness,
      begun: new Map(),
    };
    this.#premises = {
      seed,
      time,
      plan,
      truth,
      database: newDatabase(),
      blobs: memoryBlobs(),
      agents: this.agents,
      machines: this.machines,
      definitions: definitionsOf(options.agents[0]),
      watch: (store) => observer.watch(store),
      tamper: (ports) => bug?.ports?.(ports) ?? ports,
      answered: (name, answer) => bug?.answer?.(name, answer) ?? answer,
      handler: (invocation, path) => {
        const own = plans.get(path);
        if (own === undefined) throw new TypeError(`There is no handler ${path}.`);
        const handler = handlerOf(invocation, own, outside);
        return (input, context) => handler(bug?.handed?.(input) ?? input, context);
      },
      reasoning: (invocation) => async (agent, step, ports) => {
        const loop = loops.get(step.name);
        if (loop === undefined) throw new TypeError(`Nobody says what ${step.name} thinks.`);
        const open = reasoningOf(invocation, loop, outside, () => observer.items.values());
        const reasoning = await open(agent, step, ports);
        return bug?.reasoning?.(reasoning) ?? reasoning;
      },
      nextId: () => ++this.#invocations,
      onStatusChange: (change) => this.#onStatusChange(change),
    };
    observer.onClosed = () => this.changed();
    this.process = this.#begin();
  }

  get bug(): Bug | undefined {
    return this.options.bug;
  }

  /** Calls a function of the platform once. @returns "died" when nothing will ever be heard of it. */
  async request<Result>(name: string, run: (ports: Ports) => Promise<Result>): Promise<Result | "died"> {
    const { process } = this;
    if (!process.alive) return "died";
    const invocation = process.begin(name);
    invocation.after(PLATFORM_TIMEOUT_SECONDS * 1_000, () => invocation.die("Sandbox.Timedout"));
    const ports = process.portsOf(invocation);
    return outcomeOf(invocation, run(ports));
  }

  /** Calls a function of the platform until it has answered, as queues and event buses do. */
  async insist(name: string, run: (ports: Ports) => Promise<unknown>): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const outcome = await this.request(name, run).catch(() => "died" as const);
      if (outcome !== "died") return;
      await this.sleep(1_000 + this.dice.below(MINUTE));
    }
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.time.at(this.time.now() + milliseconds, resolve));
  }

  /** Repairs what no status event has told of, as a schedule does, or a process that starts. */
  async sweep(olderThanSeconds?: number): Promise<void> {
    const agents = this.agents.map(({ name }) => ({ name, stateMachine: stateMachineArnOf(name) }));
    const options = olderThanSeconds === undefined ? {} : { olderThanSeconds, limit: Number.MAX_SAFE_INTEGER };
    if (this.bug?.neverReconciles === true) return;
    const begun = this.time.now();
    const outcome = await this.request("sweep", (ports) => reconcileRuns(ports, { agents, ...options })).catch(
      () => "died" as const,
    );
    if (outcome !== "died") this.truth.note({ kind: "swept", begun });
  }

  /** Resolves when `found` holds; asked after everything that may change it. */
  until(found: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#look = () => {
        if (found()) resolve();
      };
      this.#look();
    });
  }

  /** Something has changed that somebody may wait for. */
  changed(): void {
    this.#look();
  }

  /** Ids of the runs that have an item and whose execution has not closed, unless it will never be started. */
  get openRuns(): string[] {
    return this.runItems
      .filter(({ open, runId }) => open === true || this.#started.has(String(runId)))
      .map(({ runId }) => String(runId))
      .filter((runId) => !this.#closed.has(runId));
  }

  /** The RUN items as they stand. */
  get runItems(): Item[] {
    return [...this.observer.items.values()].filter(({ sk }) => sk === RUN);
  }

  arnOf(runId: string): string {
    return executionArnOf(agentOf(runId), runId);
  }

  #begin(): Process {
    const process = new Process(this.#premises, ++this.#processes);
    this.truth.note({ kind: "process", what: `${process.id} begins` });
    process.onDeath(() => {
      this.truth.note({ kind: "process", what: `${process.id} dies` });
      const pause = this.dice.pick([1, 100, 5_000, 3 * MINUTE]);
      this.time.at(this.time.now() + pause, () => void this.#restart());
    });
    return process;
  }

  /** As a process that finds open runs does it. */
  async #restart(): Promise<void> {
    const process = this.#begin();
    this.process = process;
    await process.engine.resume();
    await this.sweep(0);
    if (this.process !== process) return;
    for (const runId of this.openRuns) {
      const description = await process.engine.describeExecution(this.arnOf(runId)).catch(() => undefined);
      if (description !== undefined && description.status !== "RUNNING") this.#close(description);
    }
  }

  #onStatusChange(change: ExecutionDescription): void {
    this.#started.add(change.name);
    if (change.status === "RUNNING") return;
    this.#close(change);
    if (this.bug?.neverReconciles === true) return;
    void this.insist("reconcile", (ports) => reconcileRun(ports, change));
  }

  #close({ name, status, error }: ExecutionDescription): void {
    if (this.#closed.has(name)) return;
    this.#closed.add(name);
    this.truth.note({ kind: "closed", runId: name, status, error });
    this.changed();
  }
}
