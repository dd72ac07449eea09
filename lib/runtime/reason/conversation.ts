import type { Json, JsonObject } from "../../contract/index.ts";
import { estimatedUsage, type ModelContent, type ModelMessage } from "../../ports/index.ts";
import { renderForModel } from "../tools/index.ts";
import type { ToolResult, Turn } from "./turn.ts";

/** What a conversation is made of that is never left out. */
export interface Pinned {
  readonly system: string;
  readonly goal: string;
  readonly input: Json;
}

/** The newest turns: what they say is still being worked on. */
const KEPT_TURNS = 2;

/**
 * The messages of the next turn: the pinned ones whole, then the turns. Where that passes `maxTokens`, what the oldest tool
 * results say is left out, as few of them as it takes; where that does not suffice, the largest of the newest turns are cut.
 * The model is told so. The same turns make the same messages.
 */
export function messagesOf({ system, goal, input }: Pinned, turns: readonly Turn[], maxTokens: number): ModelMessage[] {
  const first: ModelMessage = {
    role: "user",
    content: [text(`Goal: ${goal}\n\nInput, as data:\n${JSON.stringify(input)}`)],
  };
  const saying = (shown: (result: ToolResult) => Json): ModelMessage[] => [
    first,
    ...turns.flatMap((turn) => [said(turn), answered(turn, shown)]),
  ];
  const fits = (messages: ModelMessage[]) => estimatedUsage({ system, messages, tools: [] }).inputTokens <= maxTokens;
  const whole = saying(({ outcome }) => renderForModel(outcome).content);
  if (fits(whole)) return whole;
  const old = turns.slice(0, -KEPT_TURNS).flatMap(({ results }) => results);
  const written = new Map(turns.flatMap(({ results }) => results.map((result) => [result, writtenBy(result)])));
  const longest = Math.max(0, ...[...written.values()].map(({ length }) => length));
  /** Each step leaves one old result out, until none is left; each after that a character of the longest. */
  const shortened = (steps: number): ModelMessage[] => {
    const omitted = new Set(old.slice(0, steps));
    const most = longest - Math.max(0, steps - old.length);
    return saying((result) => (omitted.has(result) ? OMITTED : cut(result, written.get(result) ?? "", most)));
  };
  let [tooFew, enough] = [0, old.length + longest];
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >>> 1;
    if (fits(shortened(middle))) enough = middle;
    else tooFew = middle;
  }
  return shortened(enough);
}

const said = ({ response: { content } }: Turn): ModelMessage => ({
  role: "assistant",
  content: content.length > 0 ? content : [text("(nothing)")],
});

const answered = ({ results, remark }: Turn, shown: (result: ToolResult) => Json): ModelMessage => ({
  role: "user",
  content: [
    ...results.map((result): ModelContent => {
      const { use, outcome } = result;
      return { kind: "tool-result", id: use.id, ok: outcome.ok, content: shown(result) };
    }),
    ...(remark === undefined ? [] : [text(remark)]),
  ],
});

const OMITTED = { omitted: "Left out for want of room. Call the tool again if it is still needed." };

/** About as long as what is said of a cut: nothing is won where less is cut. */
const LEAST_CUT = 200;

/** A result with the first characters of what its tool wrote. */
function cut({ outcome }: ToolResult, written: string, most: number): JsonObject {
  const { content } = renderForModel(outcome);
  if (written.length <= most + LEAST_CUT) return content;
  return { cut: remarkOf(most, written.length), ...content, data: written.slice(0, most) };
}

const remarkOf = (most: number, characters: number) =>
  `Of ${characters} characters of data the first ${most} are shown: there is no room for more. Where the rest matters, ask the tool for less at a time, or call fewer tools on a turn.`;

/** What a tool wrote, as text. */
function writtenBy({ outcome }: ToolResult): string {
  const written = outcome.ok ? outcome.output : (outcome.failure.said ?? "");
  return typeof written === "string" ? written : JSON.stringify(written);
}

const text = (said: string): ModelContent => ({ kind: "text", text: said });
