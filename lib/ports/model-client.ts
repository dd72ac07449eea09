import type { Json, JsonObject, ModelUsage } from "../contract/index.ts";

export type { ModelUsage } from "../contract/index.ts";

/** A part of a message. */
export type ModelContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "tool-use"; readonly id: string; readonly name: string; readonly input: Json }
  | { readonly kind: "tool-result"; readonly id: string; readonly ok: boolean; readonly content: Json }
  /**
   * What only its writer understands, such as signed reasoning: it goes back as it came, and to nobody else. `provider`
   * names the writer as its client does.
   */
  | { readonly kind: "opaque"; readonly provider: string; readonly value: Json };

export interface ModelMessage {
  readonly role: "user" | "assistant";
  readonly content: readonly ModelContent[];
}

/** A tool as a model is shown it. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema. */
  readonly input: JsonObject;
}

export interface ModelRequest {
  /** Id of the model, or of an inference profile, as the provider knows it. */
  readonly model: string;
  /** The same on every turn, so that providers can cache it. */
  readonly system: string;
  readonly messages: readonly ModelMessage[];
  /** The same on every turn, too; providers refuse a conversation with tool calls in it where there are no tools. */
  readonly tools: readonly ModelTool[];
  /** Most tokens of the answer: always said, since a provider reserves its own maximum otherwise. */
  readonly maxTokens: number;
  readonly guardrail?: { readonly id: string; readonly version: string };
  /** The same for each attempt of the same call. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * Why a model stopped. `filtered`: by the provider or a guardrail. `malformed`: what it wrote is no tool call that can be
 * read, or it stopped for a reason that is not known; nothing of it is to be acted upon.
 */
export type StopReason = "end" | "tool-use" | "max-tokens" | "filtered" | "malformed" | "context-full";

/** Plain JSON, so that it can be kept as the result of an action. */
export interface ModelResponse {
  readonly content: readonly ModelContent[];
  readonly stop: StopReason;
  readonly usage: ModelUsage;
}

/** A model that can be talked to. */
export interface ModelClient {
  /**
   * One turn. Not repeated here: whoever calls decides that.
   *
   * @throws what classification tells apart: throttling, outage, refusal, bad request.
   */
  converse(request: ModelRequest): Promise<ModelResponse>;
}
