/** What Holdfast measures where AWS has no metric of its own. Names and units are a contract with dashboards and alarms. */
export const METRICS = {
  /** Open runs. Measured by each sweep, as are the next four. */
  runsOpen: { name: "RunsOpen", unit: "Count" },
  oldestRunAge: { name: "OldestRunAge", unit: "Seconds" },
  escalationsOpen: { name: "EscalationsOpen", unit: "Count" },
  oldestEscalationAge: { name: "OldestEscalationAge", unit: "Seconds" },
  /** Of its tier's time, used by the escalation that is nearest to its deadline. */
  escalationTimeUsed: { name: "EscalationTimeUsed", unit: "Percent" },
  /** Runs that people, or a ladder, have given up. Step Functions counts them as failed. Measured once a run has ended, as are the next two. */
  runsAbandoned: { name: "RunsAbandoned", unit: "Count" },
  /** Spent by one run; measured where the agent's budget limits money. */
  usdSpent: { name: "UsdSpent", unit: "None" },
  /** Of its tokens or its money, whichever is nearer to its end, spent by one run. */
  budgetUsed: { name: "BudgetUsed", unit: "Percent" },
  /** Attempts of steps that failed, by error class. */
  stepFailures: { name: "StepFailures", unit: "Count" },
  /** Attempts of steps after their first. */
  stepRetries: { name: "StepRetries", unit: "Count" },
} as const;
export type MetricKey = keyof typeof METRICS;

export const METRICS_NAMESPACE = "Holdfast";
/** Every metric has the agent as a dimension; StepFailures has the error class, too. */
export const MetricDimension = { agent: "Agent", errorClass: "Class" } as const;
