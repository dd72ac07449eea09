export type { BlobStore } from "../ports/index.ts";
export { classify } from "./classify/index.ts";
export { type CompensationRequest, type PlannedUndo, planCompensation, runUndo, type Undone } from "./compensation.ts";
export type { Cost } from "./cost.ts";
export { type ReportedError, reportedError, toFunctionError } from "./function-error.ts";
export { agentOf, runOfEscalation } from "./identity.ts";
export { violations } from "./json-schema.ts";
export { measureEnd, measureOpen } from "./measure.ts";
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
export { type WebhookSender, webhookSender } from "./people/webhook.ts";
export type { Claims, OpenPorts, Owner, PlatformPorts, StepPorts } from "./ports.ts";
export { reconcileRun, reconcileRuns, type Sweep } from "./reconcile-runs.ts";
export { runStep } from "./run-step.ts";
export { openRun } from "./runs.ts";
export { type QueuedEvent, type QueuedStart, startBatch } from "./start-batch.ts";
export { openSubflow, type StartedRun, startExecution, startRun } from "./start-run.ts";
export type { ActionOptions, Reconciled, StepContext, StepHandler } from "./step-context.ts";
export {
  functionTool,
  type GatewayTools,
  type Provenance,
  pinOf,
  type Rendered,
  renderForModel,
  type ToolCallRequest,
  type ToolContext,
  type ToolFailure,
  type ToolGateway,
  type ToolHandler,
  type ToolOutcome,
  type ToolPorts,
  toolGateway,
} from "./tools/index.ts";
