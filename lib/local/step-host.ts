import { keyOf } from "../compiler/index.ts";
import type { Json, JsonObject, StepEvent } from "../contract/index.ts";
import { agentEntry, allSteps, isWork, type LoadedAgent, peopleEntry, stepDefinition } from "../definition/index.ts";
import {
  aboutEscalation,
  aboutRun,
  aboutStart,
  type CompensationRequest,
  classify,
  type DecisionsRequest,
  type EscalationRequest,
  type Observers,
  type OpenPorts,
  observeFunction,
  observeStep,
  openEscalation,
  openSubflow,
  planCompensation,
  reasoningStep,
  recordDecisions,
  runStep,
  runUndo,
  type StepHandler,
  type StepPorts,
  toFunctionError,
  UNOBSERVED,
  type Undone,
  undoDefinition,
} from "../runtime/index.ts";
import { Faults } from "./faults.ts";
import { importRun } from "./import-run.ts";
import type { OpenReasoning } from "./reasoning-host.ts";

/** A function as the state machines of one process invoke it. */
export type LocalFunction = (payload: Json) => Promise<Json>;

/** The name under which a compiled machine of an agent finds what a placeholder stands for. */
export const localName = (agent: string, key: string) => `${agent}:${key}`;

/** What every function may need of the world; each takes what it does need. */
export type FunctionPorts = StepPorts & OpenPorts;

/** The `run` of a handler's module, by the agent that has it and its path in the agent's folder. */
export type LoadHandler = <Input = Json>(agent: LoadedAgent, handler: string) => Promise<StepHandler<Input>>;

export interface Hosting {
  /** Asked anew for every invocation, as every invocation may be another process. */
  readonly ports: () => FunctionPorts;
  readonly faults?: Faults;
  /** @default nobody */
  readonly observers?: Observers;
  /** @default imports the module */
  readonly load?: LoadHandler;
  /** Asked for every invocation of a reasoning step. @default there are none */
  readonly reasoning?: OpenReasoning;
}

/** Every function of the agents and of the platform, run in this process with the code that Lambda would run. */
export function hostFunctions(
  agents: readonly LoadedAgent[],
  { ports, faults = new Faults(), observers = UNOBSERVED, load = importRun, reasoning = none }: Hosting,
): ReadonlyMap<string, LocalFunction> {
  const functions = new Map<string, LocalFunction>();
  for (const agent of agents) {
    const host = (key: string, run: (payload: Json) => Promise<unknown>) =>
      functions.set(localName(agent.name, key), (payload) => reported(run(payload)));

    const people = peopleEntry(agent.document);
    for (const step of allSteps(agent.document.steps)) {
      if (!isWork(step)) continue;
      const definition = stepDefinition(agent.document, step);
      const handler = async (own: FunctionPorts) =>
        step.kind === "task" ? load(agent, step.handler) : reasoningStep(definition, await reasoning(agent, step, own));
      host(keyOf({ kind: "step", step: step.name }), async (payload) => {
        const own = ports();
        const run = await handler(own);
        return observeStep(observers, definition, payload as Json & StepEvent, run, async (observed, event) => {
          faults.before(step.name);
          const result = await runStep(own, definition, observed, event);
          faults.after(step.name);
          return result;
        });
      });
      if (typeof step.compensate === "string") {
        const { compensate } = step;
        const undo = () => load<Undone>(agent, compensate);
        host(keyOf({ kind: "undo", step: step.name }), async (payload) => {
          const [own, run] = [ports(), undo()];
          const undoing = undoDefinition(definition);
          return observeStep(observers, undoing, payload as Json & StepEvent, await run, (observed, event) =>
            runUndo(own, definition, observed, event),
          );
        });
      }
    }
    for (const child of agents) {
      const entry = agentEntry(child.document);
      host(keyOf({ kind: "start", agent: child.name }), (payload) => {
        const request = payload as Json & SubflowPayload;
        const start = () => openSubflow(ports(), entry, request.subflow);
        return observeFunction(observers, `start ${child.name}`, aboutStart(entry, request), start);
      });
    }
    host(keyOf({ kind: "platform", name: "open-escalation" }), (payload) => {
      const request = payload as Json & EscalationRequest;
      const about = aboutEscalation(agent.name, request);
      return observeFunction(observers, "open escalation", about, () => openEscalation(ports(), people, request));
    });
    host(keyOf({ kind: "platform", name: "plan-compensation" }), (payload) => {
      const request = payload as Json & CompensationRequest;
      const about = aboutRun(request.runId);
      return observeFunction(observers, "plan compensation", about, () => planCompensation(ports(), request));
    });
    host(keyOf({ kind: "platform", name: "record-decisions" }), (payload) => {
      const request = payload as Json & DecisionsRequest;
      const about = aboutRun(request.runId);
      return observeFunction(observers, "record decisions", about, () => recordDecisions(ports(), request));
    });
  }
  return functions;
}

interface SubflowPayload {
  readonly subflow: { readonly parentRunId: string; readonly path: string; readonly input: JsonObject };
}

/** What Lambda makes of an answer: JSON, or an error of which only name and message are left. */
async function reported(answer: Promise<unknown>): Promise<Json> {
  try {
    return JSON.parse(JSON.stringify((await answer) ?? null)) as Json;
  } catch (error) {
    throw toFunctionError(classify(error));
  }
}

const none: OpenReasoning = (agent, { name }) => {
  throw new TypeError(`Nothing is here for step ${name} of ${agent.name} to think with.`);
};
