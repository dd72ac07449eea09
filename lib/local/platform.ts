import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ErrorClass, HoldfastError, type Json } from "../contract/index.ts";
import { agentEntry, eventOf, type LoadedAgent } from "../definition/index.ts";
import { type Log, type Metrics, runSummaryOf } from "../ports/index.ts";
import {
  agentOf,
  askedOf,
  classify,
  decide,
  type Escalation,
  escalationsOf,
  measureEnd,
  readEscalation,
  readRecord,
  reconcileRun,
  reconcileRuns,
  redactedLog,
  type StartedRun,
  startRun,
  UNOBSERVED,
  webhookSender,
} from "../runtime/index.ts";
import { type ApiServer, type Delivery, serveApi } from "./api/index.ts";
import { openDatabase } from "./database.ts";
import { removeDevFile, writeDevFile } from "./dev-file.ts";
import { EmbeddedRunStore } from "./embedded-run-store.ts";
import {
  createEngine,
  executionArnOf,
  type FunctionHandler,
  type HistoryEvent,
  lambdaTasks,
  ServiceError,
  stateMachineArnOf,
} from "./engine/index.ts";
import { engineExecutions } from "./engine-executions.ts";
import { environmentSecrets } from "./environment-secrets.ts";
import { type Fault, Faults } from "./faults.ts";
import { fileBlobStore } from "./file-blob-store.ts";
import { fileNotifier } from "./file-notifier.ts";
import type { OpenAws } from "./local-aws.ts";
import type { LocalDesk } from "./local-desk.ts";
import { LocalLogs } from "./logs/index.ts";
import { machineOf } from "./machine-of.ts";
import { reasoningHost } from "./reasoning-host.ts";
import { resolveUris } from "./relative-uris.ts";
import { settled, within } from "./settled.ts";
import { hostFunctions } from "./step-host.ts";
import { systemChance } from "./system-chance.ts";
import { systemClock } from "./system-clock.ts";
import { LocalTracing, type OpenTracer } from "./tracing/index.ts";

export interface LocalPlatformOptions {
  readonly dataDir: string;
  readonly agents: readonly LoadedAgent[];
  readonly faults?: readonly Fault[];
  /** Makes the log, whose lines are kept with their runs. @default there are none */
  readonly openLog?: (write: (line: string) => void) => Log;
  /** Makes the tracer of the functions, whose spans are kept with their runs. @default they have none */
  readonly openTracer?: OpenTracer;
  /** @default nothing is measured */
  readonly metrics?: Metrics;
  /** Loads what steps may ask of AWS, once one does. @default nothing is asked */
  readonly openAws?: OpenAws;
}

export interface ServeOptions {
  /** 0 for any that is free. */
  readonly port: number;
  /** URI that relative URIs in events are relative to. */
  readonly base: string;
  /** Told what became of every event that was put. */
  readonly onDelivery: (delivery: Delivery) => void;
}

/** @param isPast whether it is of an earlier process. */
export type Watcher = (runId: string, event: HistoryEvent, isPast: boolean) => void;

/** The platform in one process: what AWS does in the account, over one data directory. */
export interface LocalPlatform extends LocalDesk {
  /**
   * Starts the run of an event.
   *
   * @param base URI that relative URIs in it are relative to.
   * @param traceHeader X-Ray's, of whoever sent it.
   */
  start(agent: string, event: Json, base: string, traceHeader?: string): Promise<StartedRun>;
  /** Takes every open run up again and answers with their ids. Call it once, before anything else. */
  resume(): Promise<string[]>;
  /**
   * Serves the Step Functions API, EventBridge's PutEvents and, to who can read the data directory, the desk on loopback.
   * Close it before the platform.
   */
  serve(options: ServeOptions): Promise<ApiServer>;
  /**
   * Calls `listener` for every history event from now on, and for those before of each run that is taken up. Returns a function
   * that stops it.
   */
  watch(listener: Watcher): () => void;
  /** Lets what is under way settle first, so that no step is cut off. */
  close(): Promise<void>;
}

function unknownToEngine(error: unknown): undefined {
  if (!(error instanceof ServiceError)) throw error;
}

const nameOf = (executionArn: string) => executionArn.slice(executionArn.lastIndexOf(":") + 1);

const nothingOfAws: OpenAws = () => Promise.reject(new TypeError("Nothing of AWS is asked from here."));

/** How long facts wait for a run to rest. */
const GLANCE_MS = 500;

/** @throws Holdfast.InvalidInput when another process has the data directory open. */
export async function openLocalPlatform({
  dataDir,
  agents,
  faults,
  openLog = () => UNOBSERVED.log,
  openTracer,
  metrics = UNOBSERVED.metrics,
  openAws = nothingOfAws,
}: LocalPlatformOptions): Promise<LocalPlatform> {
  const database = await openDatabase(dataDir);
  const store = new EmbeddedRunStore(database);
  const clock = systemClock();
  const chance = systemChance();
  const onlookers = { store: new EmbeddedRunStore(database, false), clock };
  const logs = new LocalLogs(database);
  const log = redactedLog(openLog((line) => logs.write(line)));
  const closings = new Set<Promise<void>>();
  const id = randomUUID();
  const secrets = environmentSecrets(process.env);
  const reasoning = reasoningHost({ secrets, openAws });
  const ports = {
    store,
    clock,
    chance,
    blobs: fileBlobStore,
    claims: { folder: `${pathToFileURL(resolve(dataDir, "claims")).href}/`, blobs: fileBlobStore },
    notifier: fileNotifier(join(dataDir, "notifications.jsonl")),
    webhook: webhookSender({ secrets, clock, post: fetch }),
    owner: { id, isGone: (owner: string) => owner !== id },
    metrics,
  };
  const tracing = new LocalTracing(database, () => engine, openTracer);
  const observers = { tracer: tracing.tracer, log, metrics, clock };
  const functions = hostFunctions(agents, {
    ports: () => ports,
    faults: new Faults(faults),
    observers,
    reasoning: reasoning.open,
  });
  const traced = (name: string): FunctionHandler | undefined => {
    const run = functions.get(name);
    return run && ((payload, invocation) => tracing.invoke(invocation, () => run(payload)));
  };
  const machines = new Map(agents.map((agent) => [stateMachineArnOf(agent.name), machineOf(agent)]));
  const engine = createEngine({
    store: database.sublevel("engine", {}),
    clock,
    chance,
    tasks: lambdaTasks(traced),
    traceHeaderOf: (invocation) => tracing.headerOf(invocation),
    machines: (arn) => machines.get(arn),
    onStatusChange: (change) => {
      const closing = reconcileRun(ports, change)
        .then(() => measureEnd({ ...onlookers, metrics }, change))
        .catch((error: unknown) => {
          // What cannot be written now is repaired by the next start.
          const { name, code } = classify(error);
          const run = log.with({ correlation_id: change.name, agent: agentOf(change.name) });
          run.warn("The end of the run could not be written; the next start does.", {
            error_class: name,
            error_code: code,
          });
        })
        .finally(() => closings.delete(closing));
      closings.add(closing);
    },
  });
  engine.subscribe((event) => tracing.follow(event));
  const watchers = new Set<Watcher>();
  engine.subscribe(({ executionArn, event }) => {
    for (const watcher of watchers) watcher(nameOf(executionArn), event, false);
  });
  const executions = engineExecutions(engine, (arn) => machines.get(arn));
  const arnOf = (runId: string) => executionArnOf(agentOf(runId), runId);
  const open = () => engine.listExecutions({ status: "RUNNING" });
  let isUnderWay = false;

  const tellPast = async () => {
    for (const { executionArn, name } of await open()) {
      for (const event of await engine.getHistory(executionArn)) for (const tell of watchers) tell(name, event, true);
    }
  };

  const described = async (runId: string) => {
    const execution = await engine.describeExecution(arnOf(runId)).catch(unknownToEngine);
    if (execution !== undefined) return execution;
    const message = `There is no run ${runId.slice(0, 100)} in ${dataDir}. npx holdfast runs lists those that there are.`;
    throw new HoldfastError(ErrorClass.InvalidInput, "unknown-run", message);
  };

  /** Those of the run and of the subflows that it waits for. */
  const escalationsUnder = async (runId: string): Promise<Escalation[]> => {
    const own = await escalationsOf(onlookers, runId);
    const rest = await within(GLANCE_MS, engine.settled(arnOf(runId)));
    const children =
      rest?.waitingFor.flatMap((waiting) => (waiting.kind === "execution" ? [nameOf(waiting.executionArn)] : [])) ?? [];
    return [...own, ...(await Promise.all(children.map(escalationsUnder))).flat()];
  };

  const platform: LocalPlatform = {
    isElsewhere: false,

    async start(name, event, base, traceHeader) {
      isUnderWay = true;
      await tracing.open();
      const agent = agents.find((candidate) => candidate.name === name);
      if (agent === undefined) throw new TypeError(`Agent ${name} is not loaded.`);
      const resolved = resolveUris({ properties: { detail: agent.document.input } }, event, base);
      const stateMachine = stateMachineArnOf(name);
      return startRun({ ...ports, executions }, agentEntry(agent.document), stateMachine, resolved, traceHeader);
    },

    async resume() {
      isUnderWay = true;
      await tracing.open();
      if (watchers.size > 0) await tellPast();
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
      const execution = await described(runId);
      const history = await engine.getHistory(arnOf(runId));
      const escalations = await escalationsUnder(runId);
      const record = await readRecord(onlookers, runId);
      return { runId, execution, history, escalations, record, usage: await store.usage(runId), now: clock.now() };
    },

    runs: async (query) => (await store.runs(query)).map(runSummaryOf),
    now: clock.now,
    logs: (runId, query) => logs.read(runId, query),

    async segments(runId) {
      await described(runId);
      return tracing.segments(arnOf(runId));
    },

    asked: (audiences) => askedOf(ports, audiences),
    escalation: (id) => readEscalation(ports, id),
    decide: (decision, decider) => decide({ ...ports, executions }, decision, decider),

    async serve({ port, base, onDelivery }) {
      isUnderWay = true;
      await tracing.open();
      const targets = agents.map(({ name, document }) => ({
        agent: name,
        triggers: document.triggers.map(eventOf),
        start: (event: Json, traceHeader?: string) => platform.start(name, event, base, traceHeader),
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

    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },

    async close() {
      if (isUnderWay) await Promise.all((await open()).map(({ executionArn }) => engine.settled(executionArn)));
      await engine.close();
      // Each has logged what went wrong with it.
      await Promise.allSettled(closings);
      await reasoning.close();
      await logs.settled();
      await tracing.close();
      await database.close();
    },
  };
  return platform;
}
