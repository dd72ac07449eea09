/** `page`: somebody has to act now. `ticket`: on the next working day. */
export type Severity = "page" | "ticket";

interface Kind {
  readonly severity: Severity;
  /** Who is meant by it: those who keep the agent running, or those who answer for what it does. */
  readonly owner: "service" | "business";
  /** What the alarm says of its state. */
  readonly meaning: string;
}

/** Every alarm. Its name is the name of its runbook, docs/runbooks/<name>.md. */
export const ALARMS = {
  "runs-failing": {
    severity: "page",
    owner: "service",
    meaning: "Fewer runs complete than the agent's success metric asks for.",
  },
  "executions-throttled": {
    severity: "ticket",
    owner: "service",
    meaning: "Step Functions holds back the agent's runs: the account's rate of state transitions is used up.",
  },
  "intake-delayed": {
    severity: "page",
    owner: "service",
    meaning: "An event has waited in the agent's queue for ten minutes, and its run has not begun.",
  },
  "intake-dead-letters": {
    severity: "page",
    owner: "service",
    meaning: "Events that should have begun a run were given up, and wait in the dead-letter queue.",
  },
  "escalation-unanswered": {
    severity: "page",
    owner: "business",
    meaning: "People have used three quarters of the time that they have to answer a run.",
  },
  "budget-exceeded": {
    severity: "ticket",
    owner: "business",
    meaning: "A run was refused what its budget does not allow, and asks for more.",
  },
  "version-failing": {
    severity: "page",
    owner: "service",
    meaning: "Runs fail on the version that is being rolled out: it is taken back.",
  },
  "reconcile-failing": {
    severity: "page",
    owner: "service",
    meaning: "reconcile-runs fails: runs stay open that have ended, and decisions may not reach their runs.",
  },
  "reconcile-dead-letters": {
    severity: "ticket",
    owner: "service",
    meaning: "Ends of runs, or sweeps, were given up by reconcile-runs, and wait in its dead-letter queue.",
  },
  "decide-api-failing": {
    severity: "page",
    owner: "service",
    meaning: "The decide API answers with errors of its own: people cannot decide.",
  },
  "table-throttled": {
    severity: "ticket",
    owner: "service",
    meaning: "DynamoDB holds back reads or writes of the runs table.",
  },
  "functions-throttled": {
    severity: "ticket",
    owner: "service",
    meaning: "Lambda holds back functions of this account and region: their concurrency is used up.",
  },
} as const satisfies Record<string, Kind>;
export type AlarmName = keyof typeof ALARMS;
