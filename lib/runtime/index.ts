export type { BlobStore } from "../ports/index.ts";
export { classify } from "./classify/index.ts";
export { type CompensationRequest, type PlannedUndo, planCompensation, runUndo, type Undone } from "./compensation.ts";
export type { Cost } from "./cost.ts";
export { type Decision, decide } from "./decide.ts";
export {
  type Escalation,
  type EscalationRequest,
  escalationsOf,
  type Incident,
  openEscalation,
} from "./escalations.ts";
export { type ReportedError, reportedError, toFunctionError } from "./function-error.ts";
export { agentOf, runOfEscalation } from "./identity.ts";
export { violations } from "./json-schema.ts";
export type { Claims, Owner, PlatformPorts, StepPorts } from "./ports.ts";
export type { Raise } from "./raise.ts";
export { reconcileRun, reconcileRuns, type Sweep } from "./reconcile-runs.ts";
export { runStep } from "./run-step.ts";
export { openRun } from "./runs.ts";
export { openSubflow, type StartedRun, startExecution, startRun } from "./start-run.ts";
export type { ActionOptions, Reconciled, StepContext, StepHandler } from "./step-context.ts";
