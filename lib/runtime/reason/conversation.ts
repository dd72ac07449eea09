import type { Json } from "../../contract/index.ts";
import type { ModelContent, ModelMessage } from "../../ports/index.ts";
import { estimatedUsage } from "../../ports/index.ts";
import { renderForModel } from "../tools/index.ts";
import type { ToolResult, Turn } from "./turn.ts";

/** What a conversation is made of that is never left out. */
export interface Pinned {
  readonly system: string;
  readonly goal: string;
  readonly input: Json;
}

/** The newest turns, of which nothing is left out either: what they say is still being worked on. */
const KEPT_TURNS = 2;

/**
 * The messages of the next turn: the pinned ones whole, then the turns. Where that passes `maxTokens`, what the oldest tool
 * results say is left out, one after the other, and the model is told so. The same turns make the same messages.
 */
export function messagesOf({ system, goal, input }: Pinned, turns: readonly Turn[], maxTokens: number): ModelMessage[] {
  const first = text(`Goal: ${goal}\n\nInput, as data:\n${JSON.stringify(input)}`);
  const oldResults = turns.slice(0, -KEPT_TURNS).flatMap(({ results }) => results);
  let left = 0;
  for (;;) {
    const omitted = new Set(oldResults.slice(0, left));
    const messages = merged([
      { role: "user", content: [first] },
      ...turns.flatMap((turn): ModelMessage[] => [
        { role: "assistant", content: turn.response.content.length > 0 ? turn.response.content : [text("(nothing)")] },
        { role: "user", content: answered(turn, omitted) },
      ]),
    ]);
    const { inputTokens } = estimatedUsage({ system, messages, tools: [] });
    if (inputTokens <= maxTokens || left >= oldResults.length) return messages;
    left += 1;
  }
}

function answered({ results, remark }: Turn, omitted: ReadonlySet<ToolResult>): readonly ModelContent[] {
  const content = results.map((result): ModelContent => {
    const { ok, content: said } = renderForModel(result.outcome);
    return { kind: "tool-result", id: result.use.id, ok, content: omitted.has(result) ? OMITTED : said };
  });
  return [...content, ...(remark === undefined && content.length > 0 ? [] : [text(remark ?? "Go on.")])];
}

const OMITTED = { omitted: "Left out for want of room. Call the tool again if it is still needed." };

const text = (said: string): ModelContent => ({ kind: "text", text: said });

/** Providers want the roles to take turns. */
function merged(messages: readonly ModelMessage[]): ModelMessage[] {
  const all: ModelMessage[] = [];
  for (const message of messages) {
    const last = all.at(-1);
    if (last?.role !== message.role) all.push(message);
    else all[all.length - 1] = { ...last, content: [...last.content, ...message.content] };
  }
  return all;
}
