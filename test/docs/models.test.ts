import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import type { Json } from "../../lib/contract/index.ts";
import { parseModelScript, scriptedModel } from "../../lib/models/index.ts";
import type { ModelMessage } from "../../lib/ports/index.ts";

const page = readFileSync(new URL("../../docs/models.md", import.meta.url), "utf8");
const example = /```yaml\n(replies:[\s\S]+?)```/.exec(page)?.[1] ?? "";

test("the script of the documentation is one, and says what is told of it", async () => {
  const model = scriptedModel(parseModelScript(parse(example)));
  const ask = (messages: readonly ModelMessage[], idempotencyKey: string) =>
    model.converse({
      ...{ model: "scripted", system: "", messages, tools: [], maxTokens: 100, idempotencyKey },
      signal: new AbortController().signal,
    });
  const question: ModelMessage = { role: "user", content: [{ kind: "text", text: "May order 1001 be refunded?" }] };
  for (const _ of [1, 2]) await expect(ask([question], "1")).rejects.toMatchObject({ name: "ThrottlingException" });
  const { content } = await ask([question], "1");
  const told = (result: Json): ModelMessage[] => [
    question,
    { role: "assistant", content },
    {
      role: "user",
      content: content.flatMap((part) =>
        part.kind === "tool-use" ? [{ kind: "tool-result", id: part.id, ok: true, content: { data: result } }] : [],
      ),
    },
  ];
  expect(await ask(told({ orderId: "1001", delivered: true }), "2")).toEqual({
    content: [{ kind: "text", text: "Order 1001 may be refunded." }],
    stop: "end",
    usage: { inputTokens: 900, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 40 },
  });
  expect(await ask(told({ orderId: "1001", delivered: false }), "3")).toMatchObject({
    content: [{ kind: "text", text: "I do not know." }],
  });
});
