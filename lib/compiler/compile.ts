import { type AgentDocument, optionalReferences, type Value } from "../definition/index.ts";
import type { StateMachine } from "./asl.ts";
import { Region } from "./region.ts";
import { sequences } from "./steps.ts";
import { timeLimit } from "./time-limit.ts";

/**
 * The state machine of a checked agent: a JSONata document whose function and machine names are placeholders, so that
 * it is the same in every environment. Pure: the same agent gives the same document.
 */
export function compile(agent: AgentDocument): StateMachine {
  const bindings = { input: "$states.context.Execution.Input.input" };
  const region = Region.top(agent, { bindings, optional: optionalReferences(agent) });
  const machine = sequences.machine(region, agent.steps, agent.output ?? lastOutput(agent));
  const TimeoutSeconds = timeLimit(agent);
  return {
    QueryLanguage: "JSONata",
    ...(TimeoutSeconds === undefined ? {} : { TimeoutSeconds }),
    ...machine,
  };
}

/** What a run yields unless the agent says: the result of its last step, if that leaves one. */
function lastOutput({ steps }: AgentDocument): Value {
  const last = steps.at(-1);
  return last === undefined || last.kind === "choose" || last.kind === "wait" ? {} : { $from: last.name };
}
