export { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "./blob-store.ts";
export type { Chance } from "./chance.ts";
export type { Clock } from "./clock.ts";
export type { Execution, Executions, StartRequest } from "./executions.ts";
export type { EscalationNotice, Notifier } from "./notifier.ts";
export type {
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
