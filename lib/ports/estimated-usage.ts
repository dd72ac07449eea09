import type { ModelUsage } from "../contract/index.ts";
import type { ModelContent, ModelRequest } from "./model-client.ts";

/** Of English text and JSON, by the rule of thumb that providers give. */
const CHARACTERS_A_TOKEN = 4;

/** About how many tokens a call takes, for want of a count: nothing in or from a cache. */
export const estimatedUsage = (
  { system, messages, tools }: Pick<ModelRequest, "system" | "messages" | "tools">,
  content: readonly ModelContent[] = [],
): ModelUsage => ({
  inputTokens: tokensOf([system, JSON.stringify(tools), ...messages.flatMap((message) => message.content.map(said))]),
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: tokensOf(content.map(said)),
});

const tokensOf = (texts: readonly string[]) => Math.ceil(texts.join("").length / CHARACTERS_A_TOKEN);

function said(content: ModelContent): string {
  switch (content.kind) {
    case "text":
      return content.text;
    case "tool-use":
      return content.name + JSON.stringify(content.input);
    case "tool-result":
      return typeof content.content === "string" ? content.content : JSON.stringify(content.content);
    case "opaque":
      return JSON.stringify(content.value);
  }
}
