import type { Json } from "../../contract/index.ts";
import type { AgentEntry } from "../../definition/index.ts";
import type { Annotations } from "../../ports/index.ts";
import { agentOf } from "../identity.ts";
import type { EscalationRequest } from "../people/open-escalation.ts";
import { runOfEvent } from "../start-run.ts";

/** What a request to the functions of the platform is about: the run, wherever the request tells it, and the agent. */
export const aboutRun = (runId: string): Annotations => ({ run: runId, agent: agentOf(runId) });

export function aboutEscalation(agent: string, request: EscalationRequest): Annotations {
  if ("ask" in request) {
    const { runId, incident } = request.ask;
    return { agent, run: runId, step: incident.step, path: incident.path };
  }
  if ("silence" in request) return { agent, run: request.silence.runId, path: request.silence.path };
  return { agent };
}

/** What the function that starts an agent's runs is called for: an event, a subflow, or a batch of its queue. */
export type StartRequest =
  | { readonly event: Json }
  | { readonly subflow: { readonly parentRunId: string; readonly path: string } }
  | { readonly Records: readonly unknown[] };

/** Of a subflow the run that it belongs to. */
export function aboutStart(agent: AgentEntry, request: StartRequest): Annotations {
  if ("event" in request) return aboutEvent(agent, request.event);
  if ("Records" in request) return { agent: agent.name };
  const { parentRunId, path } = request.subflow;
  return { ...aboutRun(parentRunId), path };
}

/** @param event as it is, or as text. */
export function aboutEvent(agent: AgentEntry, event: Json): Annotations {
  const run = runOfEvent(agent, event);
  return { agent: agent.name, ...(run === undefined ? {} : { run }) };
}
