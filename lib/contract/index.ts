export { askedAction, callAction, loopAction, turnAction } from "./action-names.ts";
export { type Asked, AskedCode, askedMessage, readAsked } from "./asked.ts";
export { TRANSPORT_ERRORS } from "./aws-errors.ts";
export type { Decided } from "./decided.ts";
export { agentStack, DECIDE_API_OUTPUT, PLATFORM_STACK, RUNS_TABLE_OUTPUT, stateMachineName } from "./deployment.ts";
export { Environment, startRunVariable } from "./environment.ts";
export { ErrorClass, isPause } from "./error-classes.ts";
export { HoldfastError } from "./holdfast-error.ts";
export {
  isList,
  isObject,
  type Json,
  type JsonObject,
  type JsonPrimitive,
  listOf,
  memberOf,
  objectOf,
  parseJson,
  parseObject,
  valueAt,
} from "./json.ts";
export { LOG_LEVELS, type LogLevel, type LogLine } from "./log-line.ts";
export { ANSWER, ASK_PEOPLE } from "./loop-exits.ts";
export { METRICS, METRICS_NAMESPACE, MetricDimension, type MetricKey, type RunOutcome } from "./metrics.ts";
export { type ModelPrices, type ModelUsage, priceOfUsage } from "./model-prices.ts";
export { type Around, aroundRun, PLATFORM_MEMORY } from "./price/around.ts";
export { added, type Counts, NOTHING, times } from "./price/counts.ts";
export { PRICE_SOURCES, PRICES } from "./price/prices.ts";
export { runPrice } from "./price/run-price.ts";
export { RUN_STATUSES, type RunStatus } from "./run-status.ts";
export { SCHEDULE_SOURCE, SCHEDULED_TIME, scheduleEvent } from "./schedule-event.ts";
export { flatSegments, type NestedSegment, type SegmentDocument } from "./segment-document.ts";
export type { StartEvent } from "./start-event.ts";
export { SILENT, type StepEvent, type StepResult } from "./step-event.ts";
export { SWEEP_SECONDS, type SweepEvent } from "./sweep-event.ts";
export {
  actionKey,
  agentStatus,
  breakerKey,
  escalationKey,
  failureKey,
  groupKey,
  holdAttribute,
  hourKey,
  isUndoPath,
  Ledger,
  peopleKey,
  RUN,
  raiseAttribute,
  readActionKey,
  refusalKey,
  runKey,
  stepKey,
  Table,
  toolKey,
  trailKey,
  undelivered,
  undoPath,
} from "./table.ts";
export {
  KEPT_SECONDS,
  LAMBDA_GRACE_SECONDS,
  LONGEST_RUN_SECONDS,
  PLATFORM_TIMEOUT_SECONDS,
  RECORD_SECONDS,
  STATE_GRACE_SECONDS,
} from "./timing.ts";
export { TOOL_DOMAINS, type ToolDomain, ToolFault } from "./tool-faults.ts";
export { LONGEST_ANNOTATION, type TraceAnnotation } from "./trace.ts";
export { parseTraceHeader, type TraceHeader, traceHeader } from "./trace-header.ts";
export { URL_PLACE } from "./url-place.ts";
