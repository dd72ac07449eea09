export type { State, StateMachine } from "./asl.ts";
export { compile } from "./compile.ts";
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
export { PRICES } from "./prices.ts";
export { type WorstCase, worstCase } from "./worst-case.ts";
