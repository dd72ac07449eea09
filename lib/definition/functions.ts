import type { JsonObject } from "../contract/index.ts";
import type { AgentDocument } from "./document.ts";
import { secondsOf } from "./duration.ts";
import type { TaskStep } from "./steps.ts";

/** What a step's function knows of its declaration. Plain JSON: it is part of the function's bundle. */
export interface StepDefinition {
  readonly agent: string;
  readonly name: string;
  readonly effect: "none" | "read" | "write";
  readonly timeoutSeconds: number;
  readonly output: JsonObject;
  /** The input is kept with the checkpoint, for the undoing. */
  readonly undoable: boolean;
}

export function stepDefinition(agent: AgentDocument, step: TaskStep): StepDefinition {
  return {
    agent: agent.name,
    name: step.name,
    effect: step.effect,
    timeoutSeconds: secondsOf(step.timeout),
    output: step.output,
    undoable: step.compensate !== undefined,
  };
}

/** What an agent's start-run function knows of it. */
export interface AgentEntry {
  readonly name: string;
  readonly input: JsonObject;
  readonly triggers: AgentDocument["triggers"];
}

export const agentEntry = ({ name, input, triggers }: AgentDocument): AgentEntry => ({ name, input, triggers });
