import { MemoryLevel } from "memory-level";
import type { Json } from "../../lib/contract/index.ts";
import type { LoadedAgent } from "../../lib/definition/index.ts";
import {
  createEngine,
  type Definitions,
  type Engine,
  type ExecutionDescription,
  type JournalStore,
  lambdaTasks,
  type StateMachine,
} from "../../lib/local/engine/index.ts";
import { engineExecutions } from "../../lib/local/engine-executions.ts";
import { type Database, EmbeddedRunStore } from "../../lib/local/index.ts";
import type { OpenReasoning } from "../../lib/local/reasoning-host.ts";
import { hostFunctions } from "../../lib/local/step-host.ts";
import type { BlobStore, Clock, Executions, RunStore } from "../../lib/ports/index.ts";
import type { StepHandler } from "../../lib/runtime/index.ts";
import { limitsOf, lineTo } from "./calls.ts";
import { dice } from "./dice.ts";
import type { FaultPlan } from "./faults.ts";
import { Invocation } from "./invocation.ts";
import { Mortal, never } from "./mortal.ts";
import { type Ports, portsOf } from "./ports-of.ts";
import type { Truth } from "./truth.ts";

/** What outlives a process. */
export interface Premises {
  readonly seed: string;
  readonly time: Clock;
  readonly plan: FaultPlan;
  readonly truth: Truth;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly agents: readonly LoadedAgent[];
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly definitions: Definitions;
  readonly watch: (store: RunStore) => RunStore;
  /** What stands between the functions and their ports, for bugs that are planted there. */
  readonly tamper: (ports: Ports) => Ports;
  readonly answered: (name: string, answer: Json) => Json;
  readonly handler: (invocation: Invocation, path: string) => StepHandler<unknown>;
  readonly reasoning: (invocation: Invocation) => OpenReasoning;
  readonly nextId: () => number;
  readonly onStatusChange: (change: ExecutionDescription) => void;
}

/** One process: engine, functions and all that they keep in memory. What it has written outlives it. */
export class Process extends Mortal {
  readonly engine: Engine;
  readonly id: string;
  readonly #executions: Executions;
  readonly #store: RunStore;
  #entering: Invocation | undefined;

  constructor(
    private readonly premises: Premises,
    number: number,
  ) {
    super(premises.time);
    this.id = `process ${number}`;
    const { seed, time, plan, truth, agents, machines, database, onStatusChange } = premises;
    this.#store = premises.watch(new EmbeddedRunStore(database));
    const functions = hostFunctions(agents, {
      ports: () => this.portsOf(this.#entered()),
      load: async (_, path) => premises.handler(this.#entered(), path),
      reasoning: (agent, step, ports) => premises.reasoning(this.#entered())(agent, step, ports),
    });
    const lines = {
      plan,
      truth,
      functions,
      answered: premises.answered,
      limits: new Map(agents.flatMap(({ document }) => limitsOf(document))),
      begin: (name: string) => this.begin(name),
      enter: (invocation: Invocation, call: () => Promise<Json>) => this.#enter(invocation, call),
    };
    this.engine = createEngine({
      store: mortalJournal(database.sublevel("engine", {}), this, premises),
      clock: { now: time.now, at: (due, wake) => this.after(due - time.now(), wake) },
      chance: dice(`${seed}/engine ${number}`),
      tasks: lambdaTasks((name) => lineTo(lines, name)),
      machines: (arn) => machines.get(arn),
      definitions: premises.definitions,
      onStatusChange: (change) => {
        if (this.alive) onStatusChange(change);
      },
    });
    this.#executions = engineExecutions(this.engine, (arn) => machines.get(arn));
  }

  begin(name: string): Invocation {
    const { nextId, truth } = this.premises;
    const invocation = new Invocation(this.premises, { id: nextId(), name, host: this });
    truth.note({ kind: "invoked", invocation: invocation.id, name });
    return invocation;
  }

  portsOf(invocation: Invocation): Ports {
    const { seed, blobs, truth, tamper } = this.premises;
    const owner = { id: this.id, isGone: (id: string) => id !== this.id };
    const grounds = { seed, store: this.#store, blobs, executions: this.#executions, truth, owner };
    return tamper(portsOf(invocation, grounds));
  }

  /** Functions ask for their ports and their handler before they first wait. */
  #enter(invocation: Invocation, call: () => Promise<Json>): Promise<Json> {
    this.#entering = invocation;
    try {
      return call();
    } finally {
      this.#entering = undefined;
    }
  }

  #entered(): Invocation {
    if (this.#entering === undefined) throw new TypeError("A function asked for its ports too late.");
    return this.#entering;
  }
}

/** The journal on a database, as a process that may die at every commit writes it. */
function mortalJournal(store: JournalStore, process: Process, { plan, truth }: Premises): JournalStore {
  const isOver = () => {
    if (process.doomed) process.die("Runtime.ExitError");
    return !process.alive;
  };
  return {
    get: (key) => store.get(key),
    values: (range) => store.values(range),
    async batch(operations, options) {
      if (isOver()) return never();
      const fault = plan.at("journal");
      if (fault?.kind !== "death") return store.batch(operations, options);
      truth.note({ kind: "fault", what: `death process ${fault.when}`, where: `journal of ${process.id}` });
      if (fault.when !== "before") await store.batch(operations, options);
      if (fault.when === "after") process.doomed = true;
      else process.die("Runtime.ExitError");
      return isOver() && fault.when !== "after" ? never() : undefined;
    },
  };
}

export const newDatabase = (): Database => new MemoryLevel<string, string>();
