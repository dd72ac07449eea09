export { and, eq, exists, gt, gte, lt, lte, ne, not, oneOf, or } from "./conditions.ts";
export {
  approval,
  continueWith,
  defineAgent,
  documentOf,
  escalate,
  ladder,
  onEvent,
  onSchedule,
  tier,
  ungated,
} from "./define-agent.ts";
export type { AnyFlow, Approval, Flow } from "./flow.ts";
export type { Ref, Refs } from "./reference.ts";
export type { Schema } from "./schema.ts";
export type { ToolOptions } from "./tools.ts";
