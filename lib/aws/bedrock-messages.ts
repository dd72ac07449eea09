import { isObject, type Json, type JsonObject, listOf, objectOf } from "../contract/index.ts";
import {
  estimatedUsage,
  type ModelContent,
  type ModelMessage,
  type ModelRequest,
  type ModelResponse,
  type ModelTool,
  type ModelUsage,
  type StopReason,
  wireCalls,
} from "../ports/index.ts";

/** A part of a request that a cache point may end. */
export type CachePlace = "system" | "tools" | "messages";

const CACHE_POINT = { cachePoint: { type: "default" } };

/** Of a text that says nothing: Bedrock refuses those, and the refused turn would be in every later request. */
const NOTHING_SAID = "(empty)";

/** What Bedrock takes for the value of a request's metadata. */
const METADATA_VALUE = /^[a-zA-Z0-9\s._:/=+$@-]{1,256}$/;

/** Why Bedrock says that a model stopped. */
const STOPS: ReadonlyMap<unknown, StopReason> = new Map([
  ["end_turn", "end"],
  ["stop_sequence", "end"],
  ["tool_use", "tool-use"],
  ["max_tokens", "max-tokens"],
  ["guardrail_intervened", "filtered"],
  ["content_filtered", "filtered"],
  ["malformed_model_output", "malformed"],
  ["malformed_tool_use", "malformed"],
  ["model_context_window_exceeded", "context-full"],
]);

/** A request as Converse takes it. */
export function converseBody(request: ModelRequest, cached: readonly CachePlace[]): JsonObject {
  const { model, system, messages, tools, maxTokens, guardrail, idempotencyKey } = request;
  const point = (place: CachePlace) => (cached.includes(place) ? [CACHE_POINT] : []);
  return {
    ...(system.trim() === "" ? {} : { system: [{ text: system }, ...point("system")] }),
    ...(tools.length === 0 ? {} : { toolConfig: { tools: [...tools.map(toolOf), ...point("tools")] } }),
    messages: wireCalls(messages).map((message, index) => ({
      role: message.role,
      content: [...blocksOf(message, writerOf(model)), ...(index === lastOfUser(messages) ? point("messages") : [])],
    })),
    inferenceConfig: { maxTokens },
    ...(guardrail === undefined
      ? {}
      : { guardrailConfig: { guardrailIdentifier: guardrail.id, guardrailVersion: guardrail.version } }),
    ...(METADATA_VALUE.test(idempotencyKey) ? { requestMetadata: { "holdfast-call": idempotencyKey } } : {}),
  };
}

/** An answer of Converse. */
export function responseOf(request: ModelRequest, answer: JsonObject): ModelResponse {
  const blocks = listOf(objectOf(objectOf(answer.output).message).content).map(objectOf);
  const content = blocks.map((block) => contentOf(block, writerOf(request.model)));
  return { content, stop: STOPS.get(answer.stopReason) ?? "malformed", usage: usageOf(request, answer, content) };
}

/** Reasoning is signed for the model that wrote it: others refuse it. */
const writerOf = (model: string) => `bedrock/${model}`;

const toolOf = ({ name, description, input }: ModelTool) => ({
  toolSpec: { name, description, inputSchema: { json: input } },
});

const lastOfUser = (messages: readonly ModelMessage[]) => messages.findLastIndex(({ role }) => role === "user");

function blocksOf({ content }: ModelMessage, writer: string): JsonObject[] {
  const blocks = content.flatMap((part) => blockOf(part, writer));
  return blocks.length === 0 ? [{ text: NOTHING_SAID }] : blocks;
}

function blockOf(part: ModelContent, writer: string): JsonObject[] {
  switch (part.kind) {
    case "text":
      return part.text.trim() === "" ? [] : [{ text: part.text }];
    case "tool-use":
      return [{ toolUse: { toolUseId: part.id, name: part.name, input: isObject(part.input) ? part.input : {} } }];
    case "tool-result":
      return [
        { toolResult: { toolUseId: part.id, content: [{ text: saidBy(part.content) }], status: statusOf(part) } },
      ];
    case "opaque":
      return part.provider === writer && isObject(part.value) ? [part.value] : [];
  }
}

const statusOf = ({ ok }: { readonly ok: boolean }) => (ok ? "success" : "error");

/** Text, also of objects: as `json` Bedrock refuses lists, and objects in which anything is called `__type`. */
function saidBy(content: Json): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return text.trim() === "" ? NOTHING_SAID : text;
}

function contentOf(block: JsonObject, writer: string): ModelContent {
  if (typeof block.text === "string") return { kind: "text", text: block.text };
  const { toolUseId, name, input = {} } = objectOf(block.toolUse);
  if (typeof toolUseId === "string" && typeof name === "string")
    return { kind: "tool-use", id: toolUseId, name, input };
  return { kind: "opaque", provider: writer, value: block };
}

function usageOf(request: ModelRequest, { usage }: JsonObject, content: readonly ModelContent[]): ModelUsage {
  if (!isObject(usage)) return estimatedUsage(request, content);
  return {
    inputTokens: countOf(usage.inputTokens),
    cacheReadTokens: countOf(usage.cacheReadInputTokens),
    cacheWriteTokens: countOf(usage.cacheWriteInputTokens),
    outputTokens: countOf(usage.outputTokens),
  };
}

const countOf = (value: Json | undefined) => (typeof value === "number" ? value : 0);
