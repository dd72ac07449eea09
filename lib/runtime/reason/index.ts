export type { Models } from "./ask-model.ts";
export { type Reasoning, reasoningStep } from "./reason.ts";
export { type WrittenCall, writtenCalls } from "./written-calls.ts";
