export type { BlobStore } from "../ports/index.ts";
export { classify } from "./classify/index.ts";
export {
  type CompensationRequest,
  type PlannedUndo,
  planCompensation,
  runUndo,
  type Undone,
  undoDefinition,
} from "./compensation.ts";
export type { Cost } from "./cost.ts";
export { executionError, type ReportedError, reportedError, toFunctionError } from "./function-error.ts";
export { agentOf, runOfEscalation, subflowRunId } from "./identity.ts";
export { violations } from "./json-schema.ts";
export { redactedLog } from "./log/redacted-log.ts";
export { measureEnd, measureOpen } from "./measure.ts";
export { measureCost } from "./measure-cost.ts";
export { aboutEscalation, aboutRun, aboutStart } from "./observe/about.ts";
export { observeFunction } from "./observe/observe-function.ts";
export { observeStart } from "./observe/observe-start.ts";
export { observeStep } from "./observe/observe-step.ts";
export type { ObservedContext as StepContext, ObservedHandler as StepHandler } from "./observe/observed-context.ts";
export { type Observers, UNOBSERVED } from "./observe/observers.ts";
export { outcomeOf } from "./outcome.ts";
export { decide } from "./people/decide.ts";
export {
  answerDecideRequest,
  brokenDecideResponse,
  type DecideRequest,
  type DecideResponse,
} from "./people/decide-api.ts";
export type { Decider, Decision } from "./people/decision.ts";
export type { Escalation, EscalationSummary } from "./people/escalation.ts";
export type { Incident } from "./people/incident.ts";
export { type EscalationRequest, openEscalation } from "./people/open-escalation.ts";
export type { Packet } from "./people/packet.ts";
export { packetMarkdown } from "./people/packet-markdown.ts";
export type { Raise } from "./people/raise.ts";
export { askedOf, escalationsOf, readEscalation } from "./people/read.ts";
export { redactText } from "./people/redact.ts";
export { type WebhookSender, webhookSender } from "./people/webhook.ts";
export type { Claims, OpenPorts, Owner, PlatformPorts, StepPorts } from "./ports.ts";
export { type Models, type Reasoning, reasoningStep } from "./reason/index.ts";
export { reconcileRun, reconcileRuns, type Sweep } from "./reconcile-runs.ts";
export type { DecisionKind, DecisionRecord } from "./record/decision-record.ts";
export { decisions, type RunItems } from "./record/decisions.ts";
export { readRecord } from "./record/read-record.ts";
export type { ActionRecord, FailedAttempt, RunRecord, StepRecord } from "./record/run-record.ts";
export { type DecisionsRequest, recordDecisions } from "./record-decisions.ts";
export { type MachineCounts, type RunCost, runCost, type StoreCounts } from "./run-cost.ts";
export { runStep } from "./run-step.ts";
export { openRun } from "./runs.ts";
export { type QueuedEvent, type QueuedStart, startBatch } from "./start-batch.ts";
export { openSubflow, type StartedRun, startExecution, startRun } from "./start-run.ts";
export type {
  ActionOptions,
  Reconciled,
  StepContext as AttemptContext,
  StepHandler as AttemptHandler,
} from "./step-context.ts";
export {
  drift,
  failedOf,
  functionTool,
  type GatewayTools,
  type Provenance,
  quoted,
  type Rendered,
  renderForModel,
  spelt,
  type ToolCallRequest,
  type ToolContext,
  type ToolFailure,
  type ToolGateway,
  type ToolHandler,
  type ToolOutcome,
  type ToolPorts,
  toolGateway,
  withinTime,
} from "./tools/index.ts";
