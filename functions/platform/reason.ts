import type { StepDefinition } from "../../lib/definition/index.ts";
import type { ModelClient } from "../../lib/ports/index.ts";
import { reasoningStep, toolGateway } from "../../lib/runtime/index.ts";
import type { OpenTransport } from "./reason-tools.ts";
import { stepOn } from "./step.ts";
import { stepPorts } from "./step-ports.ts";

/** What a step thinks and acts with, by the ids and names that its declaration has. */
export interface Means {
  readonly models: Readonly<Record<string, ModelClient>>;
  readonly tools: Readonly<Record<string, OpenTransport>>;
}

/** The Lambda handler of a reasoning step. @param hasBucket whether the step declares a bucket. */
export function reasonFunction(step: StepDefinition, { models, tools }: Means, hasBucket = false) {
  const ports = stepPorts(hasBucket);
  const declared = step.reason?.tools ?? [];
  const gateway = toolGateway(ports, {
    agent: step.agent,
    tools: declared.map((definition) => ({ definition, transport: given(tools, definition.name)(ports) })),
  });
  return stepOn(
    ports,
    step,
    reasoningStep(step, { models: (id) => given(models, id), gateway, clock: ports.clock, store: ports.store }),
  );
}

function given<Value>(values: Readonly<Record<string, Value>>, name: string): Value {
  const value = values[name];
  if (value === undefined) throw new TypeError(`The entry of this function gives nothing for ${name}.`);
  return value;
}
