export { type BlobStore, blobExists, blobNotFound, blobTooLarge } from "./blob-store.ts";
export type { Chance } from "./chance.ts";
export type { Clock } from "./clock.ts";
export type { Executions, StartRequest } from "./executions.ts";
export type { EscalationNotice, Notifier } from "./notifier.ts";
export type { Attribute, Condition, Item, Key, RunStore, RunsQuery, WriteResult } from "./run-store.ts";
