export * from "./builder/index.ts";
export { callersOf } from "./callers.ts";
export {
  type CheckResult,
  checkAgent,
  type KnownAgents,
  PROBLEM_CODES,
  type Problem,
  toolProblems,
} from "./check/index.ts";
export { digestOf } from "./digest.ts";
export { AgentDocument, type AgentSource, type Budget, defaultLadder, gateLadder, toolGates } from "./document.ts";
export { Duration, secondsOf } from "./duration.ts";
export { effectOf, isLeased } from "./effect.ts";
export type { ErrorRule } from "./error-rules.ts";
export { type AgentFile, agentIn, findAgents } from "./find-agents.ts";
export {
  type AgentEntry,
  agentEntry,
  type PeopleEntry,
  peopleEntry,
  type StepDefinition,
  stepDefinition,
} from "./functions.ts";
export { jsonSchemaOfDocuments } from "./json-schema-of-documents.ts";
export { checkAgentFile, type LoadedAgent, loadAgents, readAgent } from "./load.ts";
export { modelPrices, PRICED_MODELS } from "./model-prices.ts";
export { type ModelSource, type Models, pricesOf, sourceOf } from "./models.ts";
export type { Need } from "./needs.ts";
export { needsOf } from "./needs-of-step.ts";
export { standIns } from "./outcomes.ts";
export { type Ladder, longestWait, type Tier, type Webhook } from "./people.ts";
export { pinOf } from "./pin.ts";
export { type Backoff, failureEdges, type Outcome, RETRY_PRESETS, type RetryPolicy, retryPolicy } from "./policies.ts";
export { completionTarget, type Missing, missingForProduction, READINESS_ITEMS } from "./readiness.ts";
export { type PricedModel, type ReasonDefinition, reasonDefinition } from "./reason-definition.ts";
export { BUSY, busyRetries, busyRetriesOf, type Retries, yields } from "./retries.ts";
export type { RunSchemas, ToolSchemas } from "./run-schemas.ts";
export { maxItems } from "./schema-path.ts";
export type { Effect } from "./step-parts.ts";
export type {
  ApprovalStep,
  ChooseStep,
  EachStep,
  End,
  ParallelStep,
  Step,
  StepKind,
  SubflowStep,
  WaitStep,
} from "./steps.ts";
export { type ToolDefinition, toolDefinition } from "./tool-definition.ts";
export {
  type HttpTool,
  McpServer,
  McpServers,
  Tool,
  type ToolAuth,
  type ToolDeclarations,
  type ToolReaction,
  Tools,
  toolNamed,
} from "./tools.ts";
export { type EventTrigger, eventOf, isSchedule, type ScheduleTrigger, type Trigger } from "./triggers.ts";
export { hostOf } from "./url.ts";
export { type Condition, isReference, type Operand, type Reference, type Value } from "./value.ts";
export {
  allSteps,
  optionalReferences,
  substeps,
  type UndoableStep,
  type Visit,
  type Writes,
  walk,
  writesOf,
} from "./walk.ts";
export { isWork, modelPlaces, modelsAsked, type ReasonStep, type TaskStep, type WorkStep } from "./work-steps.ts";
export type { WorkingHours } from "./working-hours.ts";
