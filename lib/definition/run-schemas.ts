import type { JsonObject } from "../contract/index.ts";
import type { AgentDocument } from "./document.ts";
import { allSteps } from "./walk.ts";
import { isWork } from "./work-steps.ts";

/** The schemas of what a run holds: they say what of it people are not shown. */
export interface RunSchemas {
  readonly input: JsonObject;
  /** By name, of those that have an output. */
  readonly steps: Readonly<Record<string, { readonly output?: JsonObject }>>;
}

/** By name. */
export type ToolSchemas = Readonly<Record<string, { readonly input: JsonObject; readonly output: JsonObject }>>;

export function runSchemas({ input, steps }: AgentDocument): RunSchemas {
  const outputs = [...allSteps(steps)].flatMap((step) =>
    isWork(step) || step.kind === "subflow" ? [[step.name, { output: step.output }] as const] : [],
  );
  return { input, steps: Object.fromEntries(outputs) };
}

export const toolSchemas = ({ tools }: AgentDocument): ToolSchemas =>
  Object.fromEntries(Object.entries(tools).map(([name, { input, output }]) => [name, { input, output }]));
