import type { RunStatus } from "./run-status.ts";

/** What Holdfast measures where AWS has no metric of its own. Names and units are a contract with dashboards and alarms. */
export const METRICS = {
  /** Open runs. Measured by each sweep, as are the next four. */
  runsOpen: { name: "RunsOpen", unit: "Count" },
  oldestRunAge: { name: "OldestRunAge", unit: "Seconds" },
  escalationsOpen: { name: "EscalationsOpen", unit: "Count" },
  oldestEscalationAge: { name: "OldestEscalationAge", unit: "Seconds" },
  /** Of its tier's time, used by the escalation that is nearest to its deadline. */
  escalationTimeUsed: { name: "EscalationTimeUsed", unit: "Percent" },
  /** By outcome; Step Functions takes runs that people have given up for failed ones. Measured once a run has ended, as are the next three. */
  runsEnded: { name: "RunsEnded", unit: "Count" },
  /** Spent by one run; measured where the agent's budget limits money. */
  usdSpent: { name: "UsdSpent", unit: "None" },
  /** What AWS asks for one run by list price, in USD, and what its actions spent. */
  runCost: { name: "RunCost", unit: "None" },
  /** Of its tokens or its money, whichever is nearer to its end, spent by one run. */
  budgetUsed: { name: "BudgetUsed", unit: "Percent" },
  /** Attempts of steps that failed, by error class. */
  stepFailures: { name: "StepFailures", unit: "Count" },
  /** Attempts of steps after their first. */
  stepRetries: { name: "StepRetries", unit: "Count" },
  /** Of one attempt of a step, whatever its end. */
  stepDuration: { name: "StepDuration", unit: "Milliseconds" },
  /** Questions that people were asked. */
  escalationsOpened: { name: "EscalationsOpened", unit: "Count" },
  /** Announcements of questions that a channel refused, while another one took them. */
  noticesFailed: { name: "NoticesFailed", unit: "Count" },
  /** From the event's arrival in the queue, or else its own time, to the start of its run. */
  startDelay: { name: "StartDelay", unit: "Milliseconds" },
} as const;
export type MetricKey = keyof typeof METRICS;

export const METRICS_NAMESPACE = "Holdfast";
/** Every metric has the agent as a dimension; StepFailures has the error class, too, and RunsEnded the outcome. */
export const MetricDimension = { agent: "Agent", errorClass: "Class", outcome: "Outcome" } as const;
export type RunOutcome = Exclude<RunStatus, "running" | "waiting">;
