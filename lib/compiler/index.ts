export type { Retrier, State, StateMachine } from "./asl.ts";
export { UNDO_STATE } from "./compensation.ts";
export { compile } from "./compile.ts";
export { type Estimate, estimate } from "./estimate.ts";
export { AGENT_STANDING, idleCost, PLATFORM_STANDING, type Standing } from "./idle.ts";
export { LADDER_STATE } from "./ladder.ts";
export { limitProblems } from "./limit-problems.ts";
export { mermaid } from "./mermaid.ts";
export {
  keyOf,
  PLATFORM_FUNCTIONS,
  type Placeholder,
  type PlatformFunction,
  placeholderKeys,
  substitute,
} from "./names.ts";
export { stepRetriers, undoRetriers } from "./retry.ts";
export { type TypicalCase, typicalCase } from "./typical-case.ts";
export { type WorstCase, worstCase } from "./worst-case.ts";
