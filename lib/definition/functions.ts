import { ErrorClass, type JsonObject } from "../contract/index.ts";
import { type AgentDocument, defaultLadder, gateLadder } from "./document.ts";
import { secondsOf } from "./duration.ts";
import { effectOf, isLeased } from "./effect.ts";
import type { ErrorRule } from "./error-rules.ts";
import { failureEdges, type Outcome } from "./policies.ts";
import { type ReasonDefinition, reasonDefinition } from "./reason-definition.ts";
import { type Retries, stepRetries, undoRetries } from "./retries.ts";
import { type RunSchemas, type ToolSchemas, toolSchemas } from "./run-schemas.ts";
import type { Effect } from "./step-parts.ts";
import { allSteps } from "./walk.ts";
import { isWork, type WorkStep } from "./work-steps.ts";

/** What a step's function knows of its declaration. Plain JSON: it is part of the function's bundle. */
export interface StepDefinition {
  readonly agent: string;
  readonly name: string;
  readonly effect: Effect;
  readonly timeoutSeconds: number;
  readonly output: JsonObject;
  readonly errors: readonly ErrorRule[];
  /** What the agent's budget allows of what is known without asking the store. */
  readonly limits: { readonly steps?: number; readonly wallClockSeconds?: number };
  /** It runs with the very input that people have approved, or not at all. */
  readonly gated: boolean;
  /** The input is kept with the checkpoint, for the undoing. */
  readonly undoable: boolean;
  /** How often it is tried again, and the undoing of it. */
  readonly retries: Retries;
  readonly undoRetries?: Retries;
  /** It is the undoing of another step. @default false */
  readonly undoes?: boolean;
  /** What it is to think about, and with what; absent where code of the agent's own runs. */
  readonly reason?: ReasonDefinition;
}

export function stepDefinition(agent: AgentDocument, step: WorkStep): StepDefinition {
  return {
    agent: agent.name,
    name: step.name,
    effect: effectOf(agent, step),
    timeoutSeconds: secondsOf(step.timeout),
    output: step.output,
    errors: step.errors,
    limits: limitsOf(agent),
    gated: gateLadder(agent, step) !== undefined,
    undoable: typeof step.compensate === "string",
    ...(step.kind === "reason" ? { reason: reasonDefinition(agent, step) } : {}),
    retries: stepRetries(step, isLeased(agent, step)),
    ...(typeof step.compensate === "string" ? { undoRetries: undoRetries(step) } : {}),
  };
}

const limitsOf = ({ budget: { steps, wallClock } }: AgentDocument): StepDefinition["limits"] => ({
  ...(steps === undefined ? {} : { steps }),
  ...(wallClock === undefined ? {} : { wallClockSeconds: secondsOf(wallClock) }),
});

/** What an agent's start-run function knows of it. */
export interface AgentEntry {
  readonly name: string;
  readonly input: JsonObject;
  readonly triggers: AgentDocument["triggers"];
  readonly budget: AgentDocument["budget"];
}

export const agentEntry = ({ name, input, triggers, budget }: AgentDocument): AgentEntry => ({
  name,
  input,
  triggers,
  budget,
});

/** What an agent's open-escalation function knows of it. */
export interface PeopleEntry extends RunSchemas {
  readonly name: string;
  readonly purpose: string;
  readonly escalations: AgentDocument["escalations"];
  /** By the name of the step: the schema of its output, and where a rejection of it leads. */
  readonly steps: Readonly<Record<string, { readonly output?: JsonObject; readonly onReject?: Outcome }>>;
  readonly tools: ToolSchemas;
}

export function peopleEntry(agent: AgentDocument): PeopleEntry {
  const { name, purpose, input, escalations, steps } = agent;
  const ladder = defaultLadder(agent);
  const known = [...allSteps(steps)].flatMap((step): [string, PeopleEntry["steps"][string]][] => {
    if (step.kind === "approval") return [[step.name, { onReject: step.onReject }]];
    if (step.kind === "subflow") return [[step.name, { output: step.output }]];
    if (!isWork(step)) return [];
    const onReject = failureEdges(step.onFailure, ladder).get(ErrorClass.Rejected) ?? "compensate";
    return [[step.name, { output: step.output, onReject }]];
  });
  return { name, purpose, input, escalations, steps: Object.fromEntries(known), tools: toolSchemas(agent) };
}
