export type { ApiServer, Delivery } from "./api/index.ts";
export { servedDesk } from "./desk-client.ts";
export { type Database, EmbeddedRunStore } from "./embedded-run-store.ts";
export {
  createEngine,
  type Engine,
  type EngineClock,
  type HistoryEvent,
  InvalidDefinition,
  type Mock,
  ServiceError,
  StatesError,
  TaskError,
  type TaskHandler,
  testState,
} from "./engine/index.ts";
export { type Fault, parseFault } from "./faults.ts";
export { HistoryReader, type ReadEvent, readHistory, type StateVisit, type Try } from "./history-reader.ts";
export type { LocalAws } from "./local-aws.ts";
export type { LocalDesk } from "./local-desk.ts";
export { type LocalPlatform, type LocalPlatformOptions, openLocalPlatform } from "./platform.ts";
export { seededChance } from "./seeded-chance.ts";
export { systemChance } from "./system-chance.ts";
export { systemClock } from "./system-clock.ts";
export { type ListingFailure, type ToolListing, toolListing } from "./tool-listing.ts";
export { virtualClock } from "./virtual-clock.ts";
