import { ErrorClass, type Json, RUN, runKey, type StepEvent } from "../../../lib/contract/index.ts";
import { digestOf, type StepDefinition } from "../../../lib/definition/index.ts";
import type {
  Clock,
  Item,
  ModelClient,
  ModelRequest,
  ModelResponse,
  RunStore,
  ToolRequest,
} from "../../../lib/ports/index.ts";
import { classify, openRun, reasoningStep, runStep, toolGateway } from "../../../lib/runtime/index.ts";
import { testPorts } from "../../fakes/ports.ts";
import { wrappedStore } from "../../fakes/wrapped-store.ts";
import { eventOf } from "../steps.ts";

/** The way from a process to the world outside: store, models and tools. */
export type Line = <Result>(what: string, act: () => Promise<Result>) => Promise<Result>;

export const undisturbed: Line = (_, act) => act();

/** What was asked of the world outside, by whatever process, in order. */
export interface Asked {
  readonly models: (ModelRequest & { readonly answered: ModelResponse })[];
  readonly tools: (Pick<ToolRequest, "input" | "idempotencyKey" | "given"> & { readonly name: string })[];
}

export interface LoopOptions {
  readonly step: StepDefinition;
  /** Of each process anew. */
  readonly model: () => ModelClient;
  /** What tools do, by name. @default every tool answers `{ paid: true }` */
  readonly tool?: (name: string, request: ToolRequest) => Json | Promise<Json>;
  readonly store?: RunStore;
  /** @default one that stands still until a test sets it; its timers never fire */
  readonly clock?: Clock;
  readonly budget?: { readonly tokens?: number; readonly usd?: number };
  /** The input of the run. @default none is kept */
  readonly given?: Json;
  /** Of each process anew. @default one that nothing happens to */
  readonly lineOf?: () => Line | Promise<Line>;
  /** How many processes have died so far; what a dead one says is not heard. @default none */
  readonly died?: () => number;
  /** Whether people approve a write. @default all */
  readonly approves?: (request: Json) => boolean;
}

export interface Ending {
  readonly output?: Json;
  readonly error?: { readonly name: string; readonly code: string; readonly message: string };
  readonly attempts: number;
}

/** Classes on which a state machine makes another attempt. */
const GOES_ON: readonly string[] = [
  ErrorClass.Transient,
  ErrorClass.Throttled,
  ErrorClass.StepBusy,
  ErrorClass.Yielded,
] satisfies readonly ErrorClass[];

const INPUT = { id: "7" };

/** One reasoning step of one run: every attempt is a process of its own, and shares nothing but the store and the world. */
export async function loopOf({
  step,
  model,
  tool = () => ({ paid: true }),
  budget = {},
  given = null,
  lineOf = () => undisturbed,
  died = () => 0,
  approves = () => true,
  ...options
}: LoopOptions) {
  const own = testPorts(options.store);
  const base = { ...own, clock: options.clock ?? own.clock };
  const { store, clock } = base;
  const event = eventOf({ path: step.name, input: INPUT });
  await openRun(base, event.runId, { input: given }, { budget });
  const asked: Asked = { models: [], tools: [] };
  const approved: NonNullable<StepEvent["decided"]>[number][] = [];
  let processes = 0;

  /** An attempt by a process that begins with nothing, and is gone afterwards. */
  const attempt = async (more: Partial<StepEvent> = {}): Promise<Json> => {
    processes += 1;
    const owner = `process ${processes}`;
    const line = await lineOf();
    const reached = wrappedStore(store, {
      get: (key) => line("", () => store.get(key)),
      query: (pk, prefix, limit) => line("", () => store.query(pk, prefix, limit)),
      put: (item, condition) => line(`put ${item.sk} ${item.status}`, () => store.put(item, condition)),
      update: (key, change, condition) => line(`update ${key.sk}`, () => store.update(key, change, condition)),
    });
    const ports = { ...base, store: reached, owner: { id: owner, isGone: (other: string) => other !== owner } };
    const gateway = toolGateway(ports, {
      agent: step.agent,
      tools: (step.reason?.tools ?? []).map((definition) => ({
        definition,
        transport: {
          call: async (request) => {
            const { name } = definition;
            const { input, idempotencyKey, given } = request;
            return line(`call ${name}`, async () => {
              asked.tools.push({ name, input, idempotencyKey, given });
              const output = await tool(name, request);
              return typeof output === "object" && output !== null && "refused" in output
                ? { refused: String(output.refused) }
                : { output };
            });
          },
        },
      })),
    });
    const client = model();
    const models = () => ({
      converse: (request: ModelRequest) =>
        line(`ask ${request.model}`, async () => {
          const response = await client.converse(request);
          asked.models.push({ ...request, answered: response });
          return response;
        }),
    });
    const handler = reasoningStep(step, { models, gateway, clock: ports.clock, store: ports.store });
    const made = { ...event, attempt: processes, decided: [...approved], ...more };
    return (await runStep(ports, step, handler, made)).output;
  };

  /** The requests that people are asked about. */
  const requestOf = async (message: string): Promise<Json> => {
    const { asked: key } = JSON.parse(message) as { readonly asked: string };
    const item = (await actions()).find(({ sk }) => sk.endsWith(`#${key}`));
    return JSON.parse(String(item?.result)) as Json;
  };
  /** @returns all that was approved so far. */
  const approve = (request: Json, path = step.name) => {
    const at = new Date(clock.now()).toISOString();
    const options = ["approve", "reject"];
    approved.push({ kind: "approval", step: step.name, path, at, options, chosen: digestOf(request), by: [] });
    return approved;
  };

  const actions = (): Promise<Item[]> => store.query(runKey(event.runId), "ACTION#");

  /** Attempts, as a state machine makes them, until there is an output or an end that it does not go on from. */
  const toEnd = async (most = 60): Promise<Ending> => {
    for (let attempts = 1; ; attempts += 1) {
      const before = died();
      try {
        return { output: await attempt(), attempts };
      } catch (thrown) {
        if (died() > before) continue;
        const { name, code, message } = classify(thrown);
        if (name === ErrorClass.NeedsApproval) {
          const request = await requestOf(message);
          if (approves(request)) {
            approve(request);
            continue;
          }
        }
        if (!GOES_ON.includes(name) || attempts >= most) return { error: { name, code, message }, attempts };
      }
    }
  };

  return {
    ...{ event, store, asked, attempt, toEnd, approve, requestOf, actions },
    advance: own.clock.advance,
    recorded: async () => new Map((await actions()).map((item) => [String(item.sk.split("#").at(-1)), item] as const)),
    run: async () => (await store.get({ pk: runKey(event.runId), sk: RUN })) ?? { pk: "", sk: "" },
    step: async () => (await store.query(runKey(event.runId), "STEP#"))[0],
  };
}

export type Loop = Awaited<ReturnType<typeof loopOf>>;
