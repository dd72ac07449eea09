import type { JsonObject } from "../contract/index.ts";
import type { AgentDocument } from "./document.ts";
import { secondsOf } from "./duration.ts";
import type { ErrorRule } from "./error-rules.ts";
import type { TaskStep } from "./steps.ts";

/** What a step's function knows of its declaration. Plain JSON: it is part of the function's bundle. */
export interface StepDefinition {
  readonly agent: string;
  readonly name: string;
  readonly effect: "none" | "read" | "write";
  readonly timeoutSeconds: number;
  readonly output: JsonObject;
  readonly errors: readonly ErrorRule[];
  /** What the agent's budget allows of what is known without asking the store. */
  readonly limits: { readonly steps?: number; readonly wallClockSeconds?: number };
  /** The input is kept with the checkpoint, for the undoing. */
  readonly undoable: boolean;
  /** It is the undoing of another step. @default false */
  readonly undoes?: boolean;
}

export function stepDefinition(agent: AgentDocument, step: TaskStep): StepDefinition {
  return {
    agent: agent.name,
    name: step.name,
    effect: step.effect,
    timeoutSeconds: secondsOf(step.timeout),
    output: step.output,
    errors: step.errors,
    limits: limitsOf(agent),
    undoable: typeof step.compensate === "string",
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
