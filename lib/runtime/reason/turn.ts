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

export const usesOf = ({ content }: Pick<ModelResponse, "content">): readonly ToolUse[] =>
  content.filter((part): part is ToolUse => part.kind === "tool-use");

/** What tells calls apart: two with the same are the same call. */
export const callKey = ({ name, input }: Pick<ToolUse, "name" | "input">): string => digestOf([name, input]);

/** The key of the action that is the next turn. */
export const turnKey = (turns: readonly Turn[]): string => `turn-${turns.length + 1}`;
