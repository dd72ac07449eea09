import { type LoadedAgent, type ReasonStep, reasonDefinition } from "../definition/index.ts";
import type { Secrets } from "../ports/index.ts";
import { type Reasoning, type StepPorts, toolGateway } from "../runtime/index.ts";
import type { OpenAws } from "./local-aws.ts";
import { localModels } from "./local-models.ts";
import { localTools } from "./local-tools.ts";

/** What a reasoning step thinks and acts with, in an invocation that has these ports. */
export type OpenReasoning = (agent: LoadedAgent, step: ReasonStep, ports: StepPorts) => Reasoning | Promise<Reasoning>;

export interface ReasoningHost {
  /** The same for the same step and ports, which stand for a process: queues, and what is known of breakers, are its own. */
  readonly open: OpenReasoning;
  /** Ends the sessions with MCP servers. Nothing may be under way any more. */
  readonly close: () => Promise<void>;
}

export interface ReasoningSources {
  readonly secrets: Secrets;
  readonly openAws: OpenAws;
}

/** The models and tools of agents on this machine, as declared. */
export function reasoningHost({ secrets, openAws }: ReasoningSources): ReasoningHost {
  let loading: ReturnType<OpenAws> | undefined;
  const aws: OpenAws = () => {
    loading ??= openAws();
    return loading;
  };
  const modelOf = localModels({ secrets, aws });
  const tools = localTools({ secrets, aws });
  const known = new WeakMap<StepPorts, Map<string, Promise<Reasoning>>>();

  async function begin(agent: LoadedAgent, step: ReasonStep, ports: StepPorts): Promise<Reasoning> {
    const { name, document } = agent;
    const opened = reasonDefinition(document, step).tools.map(async (definition) => ({
      definition,
      transport: await tools.open(agent, definition.name, ports),
    }));
    return {
      models: (id) => modelOf(agent, id),
      gateway: toolGateway(ports, { agent: name, tools: await Promise.all(opened) }),
      clock: ports.clock,
      store: ports.store,
    };
  }

  return {
    open(agent, step, ports) {
      const ofPorts = known.get(ports) ?? new Map<string, Promise<Reasoning>>();
      known.set(ports, ofPorts);
      const key = `${agent.name} ${step.name}`;
      const found = ofPorts.get(key) ?? begin(agent, step, ports);
      ofPorts.set(key, found);
      return found;
    },
    close: tools.close,
  };
}
