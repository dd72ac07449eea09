import type { Json } from "../lib/contract/index.ts";
import { agentEntry, eventOf, type LoadedAgent } from "../lib/definition/index.ts";
import {
  createEngine,
  type EngineClock,
  type ExecutionDescription,
  executionArnOf,
  lambdaTasks,
  stateMachineArnOf,
} from "../lib/local/engine/index.ts";
import { engineExecutions } from "../lib/local/engine-executions.ts";
import { machineOf } from "../lib/local/machine-of.ts";
import { hostFunctions } from "../lib/local/step-host.ts";
import type { Chance, RunStore } from "../lib/ports/index.ts";
import { reconcileRun, type StepHandler, startRun } from "../lib/runtime/index.ts";
import { memoryBlobs } from "./fakes/memory-blobs.ts";

export interface World {
  readonly store: RunStore;
  readonly clock: EngineClock;
  readonly chance: Chance;
  readonly handlerOf: (handler: string) => StepHandler<unknown>;
}

/** One agent in this process, on any store: the real engine and runtime, with handlers that a test gives. */
export function inProcess(agent: LoadedAgent, { store, clock, chance, handlerOf }: World) {
  const blobs = memoryBlobs();
  const ports = {
    store,
    clock,
    chance,
    blobs,
    claims: { folder: "mem:claims/", blobs },
    owner: { id: "this process", isGone: () => false },
    notifier: { escalationOpened: async () => undefined },
    webhook: async () => undefined,
    metrics: { record: () => undefined },
  };
  const functions = hostFunctions([agent], { ports: () => ports, load: async (_, handler) => handlerOf(handler) });
  const machine = machineOf(agent);
  const told: Promise<void>[] = [];
  const engine = createEngine({
    clock,
    chance,
    tasks: lambdaTasks((name) => functions.get(name)),
    onStatusChange: (change) => told.push(reconcileRun(ports, change)),
  });
  const executions = engineExecutions(engine, () => machine);
  return {
    /** Starts the run of an event's detail and waits for its end, the status events of the execution included. */
    async run(detail: Json): Promise<ExecutionDescription> {
      const [trigger] = agent.document.triggers;
      const { source, detailType } = trigger === undefined ? { source: "", detailType: "" } : eventOf(trigger);
      const event = { id: "1", source, "detail-type": detailType, detail };
      const arn = stateMachineArnOf(agent.name);
      const { runId } = await startRun({ ...ports, executions }, agentEntry(agent.document), arn, event);
      const ended = await engine.closed(executionArnOf(agent.name, runId));
      await Promise.all(told.splice(0));
      return ended;
    },
    history: (runId: string) => engine.getHistory(executionArnOf(agent.name, runId)),
  };
}
