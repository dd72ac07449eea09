import type { ModelContent, ModelResponse } from "../../ports/index.ts";
import type { ToolOutcome } from "../tools/index.ts";

/** A call that a model asked for. */
export type ToolUse = Extract<ModelContent, { readonly kind: "tool-use" }>;

/** What was said and done on one turn: the model's answer, and what came of each call that it asked for. */
export interface Turn {
  /** The model that was asked in the end. */
  readonly model: string;
  readonly response: ModelResponse;
  readonly results: readonly ToolResult[];
  /** What Holdfast has to say to the model besides. */
  readonly remark?: string;
}

export interface ToolResult {
  readonly use: ToolUse;
  readonly outcome: ToolOutcome;
  /** It was asked before, with the same input, and not called again. */
  readonly isRepeat: boolean;
}

export const usesOf = ({ content }: Pick<ModelResponse, "content">): readonly ToolUse[] =>
  content.filter((part): part is ToolUse => part.kind === "tool-use");
