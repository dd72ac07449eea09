import type { Json } from "../../contract/index.ts";
import { estimatedUsage, type ModelContent, type ModelMessage } from "../../ports/index.ts";
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
 * results say is left out, as few of them as it takes, and the model is told so. The same turns make the same messages.
 */
export function messagesOf({ system, goal, input }: Pinned, turns: readonly Turn[], maxTokens: number): ModelMessage[] {
  const first: ModelMessage = {
    role: "user",
    content: [text(`Goal: ${goal}\n\nInput, as data:\n${JSON.stringify(input)}`)],
  };
  const old = turns.slice(0, -KEPT_TURNS).flatMap(({ results }) => results);
  const leavingOut = (count: number): ModelMessage[] => {
    const omitted = new Set(old.slice(0, count));
    return [first, ...turns.flatMap((turn) => [said(turn), answered(turn, omitted)])];
  };
  const fits = (messages: ModelMessage[]) => estimatedUsage({ system, messages, tools: [] }).inputTokens <= maxTokens;
  const whole = leavingOut(0);
  if (fits(whole)) return whole;
  let [tooFew, enough] = [0, old.length];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >>> 1;
    if (fits(leavingOut(middle))) enough = middle;
    else tooFew = middle;
  }
  return leavingOut(enough);
}

const said = ({ response: { content } }: Turn): ModelMessage => ({
  role: "assistant",
  content: content.length > 0 ? content : [text("(nothing)")],
});

function answered({ results, remark }: Turn, omitted: ReadonlySet<ToolResult>): ModelMessage {
  const content = results.map((result): ModelContent => {
    const { ok, content } = renderForModel(result.outcome);
    return { kind: "tool-result", id: result.use.id, ok, content: omitted.has(result) ? OMITTED : content };
  });
  return { role: "user", content: [...content, ...(remark === undefined ? [] : [text(remark)])] };
}

const OMITTED = { omitted: "Left out for want of room. Call the tool again if it is still needed." };

const text = (said: string): ModelContent => ({ kind: "text", text: said });
