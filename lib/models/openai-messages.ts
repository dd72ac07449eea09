import { type Json, type JsonObject, listOf, objectOf, parseJson } from "../contract/index.ts";
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

/** Why chat completions say that a model stopped. Some servers say `stop` of tool calls, too. */
const STOPS: ReadonlyMap<unknown, StopReason> = new Map([
  ["stop", "end"],
  ["tool_calls", "tool-use"],
  ["length", "max-tokens"],
  ["content_filter", "filtered"],
]);

/** A request as chat completions take it. */
export function completionBody(request: ModelRequest, limit: "max_completion_tokens" | "max_tokens"): JsonObject {
  const { model, system, messages, tools, maxTokens } = request;
  return {
    model,
    messages: [
      ...(system.trim() === "" ? [] : [{ role: "system", content: system }]),
      ...wireCalls(messages).flatMap((message) => (message.role === "user" ? ofUser(message) : [ofAssistant(message)])),
    ],
    ...(tools.length === 0 ? {} : { tools: tools.map(toolOf) }),
    [limit]: maxTokens,
  };
}

/** An answer of chat completions. */
export function responseOf(request: ModelRequest, answer: JsonObject): ModelResponse {
  const choice = objectOf(listOf(answer.choices)[0]);
  const { content: text, tool_calls: toolCalls } = objectOf(choice.message);
  const calls = listOf(toolCalls).map(callOf);
  const content: ModelContent[] = [
    ...(typeof text === "string" && text !== "" ? [{ kind: "text", text } as const] : []),
    ...calls.filter((call) => call !== undefined),
  ];
  return { content, stop: stopOf(choice.finish_reason, calls), usage: usageOf(request, answer, content) };
}

/** What a conversation that is too long for its model comes to: nothing was said, and nothing is to be paid. */
export const CONTEXT_FULL: ModelResponse = {
  content: [],
  stop: "context-full",
  usage: { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0 },
};

type Call = Extract<ModelContent, { kind: "tool-use" }>;

function stopOf(finished: Json | undefined, calls: readonly (Call | undefined)[]): StopReason {
  const stop = STOPS.get(finished) ?? "malformed";
  if (stop !== "end" && stop !== "tool-use") return stop;
  if (calls.includes(undefined)) return "malformed";
  return calls.length > 0 ? "tool-use" : stop === "end" ? "end" : "malformed";
}

const toolOf = ({ name, description, input }: ModelTool) => ({
  type: "function",
  function: { name, description, parameters: input },
});

/** The results of tools come first: they answer the message before. */
function ofUser({ content }: ModelMessage): JsonObject[] {
  const results = content.flatMap((part) =>
    part.kind === "tool-result" ? [{ role: "tool", tool_call_id: part.id, content: saidBy(part) }] : [],
  );
  const text = textOf(content);
  return text === "" && results.length > 0 ? results : [...results, { role: "user", content: text }];
}

function ofAssistant({ content }: ModelMessage): JsonObject {
  const calls = content.flatMap((part) =>
    part.kind === "tool-use"
      ? [{ id: part.id, type: "function", function: { name: part.name, arguments: JSON.stringify(part.input) } }]
      : [],
  );
  return { role: "assistant", content: textOf(content), ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}

/** Chat completions have no mark of their own for a tool that failed. */
const saidBy = ({ ok, content }: { readonly ok: boolean; readonly content: Json }) =>
  ok && typeof content === "string" ? content : JSON.stringify(ok ? content : { error: content });

const textOf = (content: readonly ModelContent[]) =>
  content.flatMap((part) => (part.kind === "text" ? part.text : [])).join("\n");

function callOf(call: Json): Call | undefined {
  const { id, function: called } = objectOf(call);
  const { name, arguments: given } = objectOf(called);
  const input = typeof given === "string" ? parseJson(given.trim() === "" ? "{}" : given) : undefined;
  if (typeof id !== "string" || typeof name !== "string" || input === undefined) return undefined;
  return { kind: "tool-use", id, name, input };
}

function usageOf(request: ModelRequest, { usage }: JsonObject, content: readonly ModelContent[]): ModelUsage {
  const { prompt_tokens: prompt, completion_tokens: outputTokens, prompt_tokens_details: details } = objectOf(usage);
  if (typeof prompt !== "number" || typeof outputTokens !== "number") return estimatedUsage(request, content);
  const { cached_tokens: cached } = objectOf(details);
  const cacheReadTokens = typeof cached === "number" ? Math.min(cached, prompt) : 0;
  return { inputTokens: prompt - cacheReadTokens, cacheReadTokens, cacheWriteTokens: 0, outputTokens };
}
