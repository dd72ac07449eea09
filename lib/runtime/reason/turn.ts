import { ErrorClass } from "../../contract/index.ts";
import { digestOf } from "../../definition/index.ts";
import type { ModelContent, ModelResponse } from "../../ports/index.ts";
import type { Cost } from "../cost.ts";
import type { ToolOutcome } from "../tools/index.ts";

/** A call that a model asked for. */
export type ToolUse = Extract<ModelContent, { readonly kind: "tool-use" }>;

/** The answer of a model. Plain JSON: the result of an action. */
export interface Answered {
  /** Which model it was in the end. */
  readonly model: string;
  readonly response: ModelResponse;
  readonly cost: Cost;
  /** ISO 8601. */
  readonly at: string;
}

/** What was said and done on one turn: the model's answer, and what came of each call that it asked for. */
export interface Turn extends Answered {
  readonly results: readonly ToolResult[];
  /** What Holdfast has to say to the model besides. */
  readonly remark?: string;
}

export interface ToolResult {
  readonly use: ToolUse;
  readonly key: string;
  readonly outcome: ToolOutcome;
  /** Called now; known, from a call with the same input; or withheld, and not called at all. */
  readonly from: "call" | "record" | "nothing";
}

/** Nested deeper than this, some reader of an answer would run out of stack. */
const DEEPEST = 200;

/** An answer as it came, or as a malformed one where it is nested too deep to be kept: it is paid, and not asked for again. */
export const readable = (response: ModelResponse): ModelResponse =>
  isDeeper({ ...response }, DEEPEST) ? { ...response, content: [], stop: "malformed" } : response;

const isDeeper = (value: object, levels: number): boolean =>
  levels < 0 ||
  Object.values(value).some((each) => typeof each === "object" && each !== null && isDeeper(each, levels - 1));

export const usesOf = ({ content }: Pick<ModelResponse, "content">): readonly ToolUse[] =>
  content.filter((part): part is ToolUse => part.kind === "tool-use");

/** What came of a call that was not made. @param at ISO 8601, where it is known. */
export const notCalled = (name: string, message: string, at = ""): ToolOutcome => ({
  ok: false,
  failure: { domain: "denied", code: "tool-not-called", errorClass: ErrorClass.Denied, message },
  provenance: { source: "tool", name, at },
});

/** What tells calls apart: two with the same are the same call. */
export const callKey = ({ name, input }: Pick<ToolUse, "name" | "input">): string => digestOf([name, input]);
