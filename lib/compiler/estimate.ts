import { added, type Counts, runPrice } from "../contract/index.ts";
import type { AgentDocument } from "../definition/index.ts";
import { AGENT_STANDING, idleCost, PLATFORM_STANDING } from "./idle.ts";
import { type TypicalOptions, typicalCase } from "./typical-case.ts";
import { worstCase } from "./worst-case.ts";

/** What a deployed agent costs by list price, in USD. */
export interface Estimate {
  readonly typical: { readonly machine: Counts; readonly platform: Counts; readonly usd: number };
  /** The money of the budget included, where there is one. */
  readonly worst: { readonly transitions: number; readonly invocations: number; readonly usd: number };
  /** Of so many typical, or worst, runs a month. */
  readonly month: { readonly runs: number; readonly typicalUsd: number; readonly worstUsd: number };
  /** A month while nothing runs, at most: what all agents share, and what each has of its own. */
  readonly idle: { readonly platformUsd: number; readonly agentUsd: number };
}

export interface EstimateOptions extends TypicalOptions {
  /** A month. */
  readonly runs: number;
}

/** What runs of an agent cost. Models, traces, metrics of failures, data transfer, storage and whatever the steps call are not in it. */
export function estimate(agent: AgentDocument, { runs, ...options }: EstimateOptions): Estimate {
  const { machine, platform } = typicalCase(agent, options);
  const usd = runPrice(added([machine, platform]));
  const { transitions, invocations, usd: worstUsd } = worstCase(agent);
  return {
    typical: { machine, platform, usd },
    worst: { transitions, invocations, usd: worstUsd },
    month: { runs, typicalUsd: usd * runs, worstUsd: worstUsd * runs },
    idle: { platformUsd: idleCost(PLATFORM_STANDING), agentUsd: idleCost(AGENT_STANDING) },
  };
}
