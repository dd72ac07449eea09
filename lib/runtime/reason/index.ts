export type { Answered, Models } from "./ask-model.ts";
export { type Reasoning, type ReasonStep, reason } from "./reason.ts";
