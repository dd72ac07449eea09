import type { ModelContent, ModelMessage } from "./model-client.ts";

/** What providers take for the id of a call: Bedrock 64 characters, OpenAI 40. */
const ID = /^[\w-]{1,40}$/;
/** What no provider takes in the name of a tool, and how long it may be. */
const STRANGE = /[^\w-]/g;
const LONGEST_NAME = 64;

/** The id of a call, as its model gave it and as it is sent. */
type Sent = readonly [given: string, sent: string];

/**
 * A conversation whose calls every provider takes, however a model has named its tools and its calls: what is recorded goes
 * back on each later turn, so that what is refused once would be refused for ever. The calls of a turn are numbered where one
 * of their ids is strange or comes twice; their results have the same ids.
 */
export function wireCalls(messages: readonly ModelMessage[]): ModelMessage[] {
  let ids: readonly Sent[] = [];
  return messages.map((message, index) => {
    if (message.role === "assistant") ids = sentIds(message, index);
    return { ...message, content: named(message, ids) };
  });
}

function sentIds({ content }: ModelMessage, index: number): readonly Sent[] {
  const given = content.flatMap((part) => (part.kind === "tool-use" ? part.id : []));
  const areFit = given.every((id) => ID.test(id)) && new Set(given).size === given.length;
  return given.map((id, position) => [id, areFit ? id : `call-${index}-${position}`]);
}

function named({ content }: ModelMessage, ids: readonly Sent[]): ModelContent[] {
  const left = new Set(ids);
  const sentAs = (id: string) => {
    const found = [...left].find(([given]) => given === id);
    if (found !== undefined) left.delete(found);
    return found?.[1] ?? id;
  };
  return content.map((part) => {
    if (part.kind === "tool-result") return { ...part, id: sentAs(part.id) };
    if (part.kind !== "tool-use") return part;
    return { ...part, id: sentAs(part.id), name: part.name.replace(STRANGE, "_").slice(0, LONGEST_NAME) || "_" };
  });
}
