export { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "./blob-store.ts";
export type { Chance } from "./chance.ts";
export type { Clock } from "./clock.ts";
export type { DeadLetter, DeadLetters } from "./dead-letters.ts";
export { estimatedUsage } from "./estimated-usage.ts";
export type { Execution, Executions, StartRequest } from "./executions.ts";
export type { Fetch } from "./fetch.ts";
export type { Log, LogFields, LogQuery } from "./log.ts";
export type { Measurement, Metrics } from "./metrics.ts";
export type {
  ModelClient,
  ModelContent,
  ModelMessage,
  ModelRequest,
  ModelResponse,
  ModelTool,
  ModelUsage,
  StopReason,
} from "./model-client.ts";
export type { EscalationNotice, Notifier } from "./notifier.ts";
export type {
  AskedQuery,
  Attribute,
  Change,
  Condition,
  Item,
  Key,
  Matches,
  RunStore,
  RunsQuery,
  WriteResult,
} from "./run-store.ts";
export { type RunList, type RunSummary, runSummaryOf } from "./run-summary.ts";
export type { Secrets } from "./secrets.ts";
export {
  type ListedTool,
  type ToolAnswer,
  ToolFailed,
  type ToolRequest,
  ToolStatus,
  type ToolTransport,
} from "./tool-transport.ts";
export type { Annotations, HostTracer, Span, Tracer } from "./tracer.ts";
export { wireCalls } from "./wire-calls.ts";
