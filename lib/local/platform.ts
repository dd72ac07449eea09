import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ClassicLevel } from "classic-level";
import { ErrorClass, HoldfastError, type Json, RUN_STATUSES } from "../contract/index.ts";
import { agentEntry, eventOf, type LoadedAgent } from "../definition/index.ts";
import {
  agentOf,
  askedOf,
  decide,
  type Escalation,
  escalationsOf,
  readEscalation,
  reconcileRun,
  reconcileRuns,
  type StartedRun,
  startRun,
  webhookSender,
} from "../runtime/index.ts";
import { type ApiServer, type Delivery, serveApi } from "./api/index.ts";
import { removeDevFile, writeDevFile } from "./dev-file.ts";
import { type Database, EmbeddedRunStore } from "./embedded-run-store.ts";
import { createEngine, executionArnOf, type HistoryEvent, lambdaTasks, stateMachineArnOf } from "./engine/index.ts";
import { engineExecutions } from "./engine-executions.ts";
import { environmentSecrets } from "./environment-secrets.ts";
import { type Fault, Faults } from "./faults.ts";
import { fileBlobStore } from "./file-blob-store.ts";
import { fileNotifier } from "./file-notifier.ts";
import type { LocalDesk } from "./local-desk.ts";
import { machineOf } from "./machine-of.ts";
import { resolveUris } from "./relative-uris.ts";
import { settled, within } from "./settled.ts";
import { hostFunctions } from "./step-host.ts";
import { systemChance } from "./system-chance.ts";
import { systemClock } from "./system-clock.ts";

export interface LocalPlatformOptions {
  readonly dataDir: string;
  readonly agents: readonly LoadedAgent[];
  readonly faults?: readonly Fault[];
}

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** URI that relative URIs in events are relative to. */
  readonly base: string;
  /** Told what became of every event that was put. */
  readonly onDelivery: (delivery: Delivery) => void;
}

/** The platform in one process: what AWS does in the account, over one data directory. */
export interface LocalPlatform extends LocalDesk {
  /** Starts the run of an event. @param base URI that relative URIs in it are relative to. */
  start(agent: string, event: Json, base: string): Promise<StartedRun>;
  /** Takes every open run up again and answers with their ids. Call it once, before anything else. */
  resume(): Promise<string[]>;
  /**
   * Serves the Step Functions API, EventBridge's PutEvents and, to who can read the data directory, the desk on loopback.
   * Close it before the platform.
   */
  serve(options: ServeOptions): Promise<ApiServer>;
  /** Calls `listener` for every history event from now on. Returns a function that stops it. */
  watch(listener: (runId: string, event: HistoryEvent) => void): () => void;
  /** Lets what is under way settle first, so that no step is cut off. */
  close(): Promise<void>;
}

const nameOf = (executionArn: string) => executionArn.slice(executionArn.lastIndexOf(":") + 1);

/** How long facts wait for a run to rest. */
const GLANCE_MS = 500;

/** @throws Holdfast.InvalidInput when another process has the data directory open. */
export async function openLocalPlatform({ dataDir, agents, faults }: LocalPlatformOptions): Promise<LocalPlatform> {
  const database = await openDatabase(dataDir);
  const store = new EmbeddedRunStore(database);
  const clock = systemClock();
  const chance = systemChance();
  const closings = new Set<Promise<void>>();
  const id = randomUUID();
  const ports = {
    store,
    clock,
    chance,
    blobs: fileBlobStore,
    claims: { folder: `${pathToFileURL(resolve(dataDir, "claims")).href}/`, blobs: fileBlobStore },
    notifier: fileNotifier(join(dataDir, "notifications.jsonl")),
    webhook: webhookSender({ secrets: environmentSecrets(process.env), clock, post: fetch }),
    owner: { id, isGone: (owner: string) => owner !== id },
  };
  const functions = hostFunctions(agents, { ports: () => ports, faults: new Faults(faults) });
  const machines = new Map(agents.map((agent) => [stateMachineArnOf(agent.name), machineOf(agent)]));
  const engine = createEngine({
    store: database.sublevel("engine", {}),
    clock,
    chance,
    tasks: lambdaTasks((name) => functions.get(name)),
    machines: (arn) => machines.get(arn),
    onStatusChange: (change) => {
      // What cannot be written now is repaired by the next start.
      const closing = reconcileRun(ports, change)
        .catch(() => undefined)
        .finally(() => closings.delete(closing));
      closings.add(closing);
    },
  });
  const executions = engineExecutions(engine, (arn) => machines.get(arn));
  const arnOf = (runId: string) => executionArnOf(agentOf(runId), runId);
  const open = () => engine.listExecutions({ status: "RUNNING" });
  let isUnderWay = false;

  /** Those of the run and of the subflows that it waits for. */
  const escalationsUnder = async (runId: string): Promise<Escalation[]> => {
    const own = await escalationsOf(ports, runId);
    const rest = await within(GLANCE_MS, engine.settled(arnOf(runId)));
    const children =
      rest?.waitingFor.flatMap((waiting) => (waiting.kind === "execution" ? [nameOf(waiting.executionArn)] : [])) ?? [];
    return [...own, ...(await Promise.all(children.map(escalationsUnder))).flat()];
  };

  const platform: LocalPlatform = {
    isElsewhere: false,

    start(name, event, base) {
      isUnderWay = true;
      const agent = agents.find((candidate) => candidate.name === name);
      if (agent === undefined) throw new TypeError(`Agent ${name} is not loaded.`);
      const resolved = resolveUris({ properties: { detail: agent.document.input } }, event, base);
      return startRun({ ...ports, executions }, agentEntry(agent.document), stateMachineArnOf(name), resolved);
    },

    async resume() {
      isUnderWay = true;
      await engine.resume();
      // A process may have died between RUN item and execution, at the start or at the end.
      const known = agents.map(({ name }) => ({ name, stateMachine: stateMachineArnOf(name) }));
      const all = { olderThanSeconds: 0, limit: Number.MAX_SAFE_INTEGER };
      await reconcileRuns({ ...ports, executions }, { agents: known, ...all });
      const running = await open();
      return running.flatMap(({ executionArn, name }) => (executionArn === arnOf(name) ? [name] : []));
    },

    settled: (runId) => settled(engine, arnOf(runId), clock.now),

    async facts(runId) {
      const execution = await engine.describeExecution(arnOf(runId)).catch(() => undefined);
      if (execution === undefined) {
        const message = `There is no run ${runId.slice(0, 100)} in ${dataDir}. holdfast runs lists those that there are.`;
        throw new HoldfastError(ErrorClass.InvalidInput, "unknown-run", message);
      }
      const history = await engine.getHistory(arnOf(runId));
      const escalations = await escalationsUnder(runId);
      return { runId, execution, history, escalations, usage: await store.usage(runId), now: clock.now() };
    },

    async runs(query) {
      const items = await store.runs(query);
      return items.map((item) => ({
        runId: String(item.runId),
        agent: String(item.agent),
        status: RUN_STATUSES.find((status) => status === item.status) ?? "running",
        startedAt: String(item.startedAt),
        updatedAt: String(item.updatedAt),
      }));
    },

    asked: (audiences) => askedOf(ports, audiences),
    escalation: (id) => readEscalation(ports, id),
    decide: (decision, decider) => decide({ ...ports, executions }, decision, decider),

    async serve({ port, base, onDelivery }) {
      isUnderWay = true;
      const targets = agents.map(({ name, document }) => ({
        agent: name,
        triggers: document.triggers.map(eventOf),
        start: (event: Json) => platform.start(name, event, base),
      }));
      const served = { all: [...machines.values()], createdAt: new Date(clock.now()) };
      const desk = {
        ...platform,
        settled: (runId: string, withinMs: number) => settled(engine, arnOf(runId), clock.now, clock.now() + withinMs),
      };
      const key = chance.uuid();
      const api = { engine, machines: served, desk: { served: desk, key }, clock, chance, targets, onDelivery };
      const server = await serveApi(api, port);
      await writeDevFile(dataDir, { endpoint: server.endpoint, pid: process.pid, key }).catch(async (error) => {
        await server.close();
        throw error;
      });
      return {
        endpoint: server.endpoint,
        async close() {
          await removeDevFile(dataDir);
          await server.close();
        },
      };
    },

    watch: (listener) => engine.subscribe(({ executionArn, event }) => listener(nameOf(executionArn), event)),

    async close() {
      if (isUnderWay) await Promise.all((await open()).map(({ executionArn }) => engine.settled(executionArn)));
      await engine.close();
      await Promise.allSettled(closings);
      await database.close();
    },
  };
  return platform;
}

async function openDatabase(dataDir: string): Promise<Database> {
  try {
    await mkdir(dataDir, { recursive: true });
    const database = new ClassicLevel<string, string>(join(dataDir, "store"));
    await database.open();
    return database;
  } catch (error) {
    throw unusable(dataDir, error);
  }
}

function unusable(dataDir: string, error: unknown): HoldfastError {
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const locked = reason instanceof Error && "code" in reason && reason.code === "LEVEL_LOCKED";
  return new HoldfastError(
    ErrorClass.InvalidInput,
    locked ? "data-dir-busy" : "data-dir-unusable",
    locked
      ? `Another process works in ${dataDir}. Wait until it is done, or name another folder with --data-dir.`
      : `${dataDir} cannot be used as a data directory: ${reason instanceof Error ? reason.message : reason}. Name another folder with --data-dir.`,
  );
}
