export type { Question } from "./answer.ts";
export type { Models } from "./ask-model.ts";
export { isFinal } from "./fences.ts";
export { type Reasoning, reasoningStep } from "./reason.ts";
export { type WrittenCall, writtenCalls } from "./written-calls.ts";
