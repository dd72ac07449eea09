import { compile, substitute } from "../compiler/index.ts";
import type { Json } from "../contract/index.ts";
import type { LoadedAgent } from "../definition/index.ts";
import { type StateMachine, stateMachineArnOf } from "./engine/index.ts";
import { localName } from "./step-host.ts";

/** The compiled machine of an agent, with the names of this process in place of its placeholders. */
export function machineOf({ name, document }: LoadedAgent): StateMachine {
  const definition = substitute(compile(document), (key) => {
    const child = /^agent_(.*)$/.exec(key)?.[1];
    return child === undefined ? localName(name, key) : stateMachineArnOf(child.replaceAll("_", "-"));
  });
  return { name, definition: JSON.parse(JSON.stringify(definition)) as Json };
}
