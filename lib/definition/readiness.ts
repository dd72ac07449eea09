import type { AgentDocument } from "./document.ts";
import { sourceOf } from "./models.ts";
import { toolNamed } from "./tools.ts";
import { allSteps } from "./walk.ts";
import { modelsAsked } from "./work-steps.ts";

/** What production asks of an agent, beyond what `check` does. */
export const READINESS_ITEMS = ["owners", "success", "budget", "ladder", "runbook", "models", "servers"] as const;
export type ReadinessItem = (typeof READINESS_ITEMS)[number];

export interface Missing {
  readonly item: ReadinessItem;
  /** What to declare, and where. */
  readonly message: string;
}

/** Everything that an agent lacks for production. Pure; an agent that lacks nothing is ready. */
export const missingForProduction = (agent: AgentDocument): Missing[] =>
  READINESS_ITEMS.flatMap((item) => {
    const message = RULES[item](agent);
    return message === undefined ? [] : [{ item, message }];
  });

/** Each says what is missing, or nothing. */
const RULES: Readonly<Record<ReadinessItem, (agent: AgentDocument) => string | undefined>> = {
  owners({ owners }) {
    if (owners === undefined)
      return "owners: name who answers for what it does (business) and who keeps it running (service).";
    const { business, service } = owners;
    return nameOf(business) === nameOf(service)
      ? `owners: business and service are both ${business}. Name two, so that nobody is the only one who knows.`
      : undefined;
  },
  success: ({ success }) =>
    success.length === 0
      ? 'success: name a metric and what it must reach, such as { metric: "completion", atLeast: 0.95 }.'
      : undefined,
  budget: ({ budget }) =>
    Object.keys(budget).length === 0 ? "budget: limit a run's usd, tokens, steps or wallClock." : undefined,
  ladder: ({ escalations }) =>
    Object.values(escalations).every(({ tiers }) => tiers.length === 0)
      ? "escalations: declare a ladder with a tier, so that somebody is asked when a run cannot go on."
      : undefined,
  runbook: ({ runbook }) =>
    runbook === undefined
      ? "runbook: give the https URL of the folder of its runbooks, which its alarms link to."
      : undefined,
  models({ models, steps }) {
    const scripted = [...allSteps(steps)].find(
      (step) => step.kind === "reason" && modelsAsked(step).some((id) => sourceOf(models, id)?.kind === "script"),
    );
    return scripted && `models: ${scripted.name} names a script, which says the same to whoever asks; set a model.`;
  },
  servers({ tools, mcpServers, steps }) {
    for (const step of allSteps(steps)) {
      if (step.kind !== "reason") continue;
      const servers = step.tools.flatMap((name) => toolNamed(tools, name)?.mcp?.server ?? []);
      const local = servers.find((name) => Object.hasOwn(mcpServers, name) && "command" in (mcpServers[name] ?? {}));
      if (local !== undefined)
        return `mcpServers: ${step.name} has a tool of ${local}, a command, which runs on a laptop alone: it can be deployed to no stage. Run it where it has a URL, and declare that.`;
    }
    return undefined;
  },
};

const nameOf = (owner: string) => owner.trim().toLowerCase();

/** The success metric that Holdfast measures itself: the share of runs that complete. */
const COMPLETION = "completion";

/** The least share of runs that must complete, from 0 to 1; absent where the agent does not say. */
export const completionTarget = ({ success }: Pick<AgentDocument, "success">): number | undefined =>
  success.find(({ metric }) => metric === COMPLETION)?.atLeast;
