import type { AgentDocument } from "../../definition/index.ts";

/** Names of the agents among the callers of a subflow whose budgets it spends of, too. */
export const budgetsAbove = (callers: readonly AgentDocument[]): string[] =>
  callers.filter(({ budget }) => budget.tokens !== undefined || budget.usd !== undefined).map(({ name }) => name);
