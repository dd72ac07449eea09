import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ErrorClass, type Json, objectOf } from "../../../lib/contract/index.ts";
import { estimatedUsage, type ModelContent, type ModelMessage } from "../../../lib/ports/index.ts";
import { messagesOf, type Pinned } from "../../../lib/runtime/reason/conversation.ts";
import { callKey, type ToolResult, type Turn, usesOf } from "../../../lib/runtime/reason/turn.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, says, thinking } from "./thinking.ts";

const PINNED: Pinned = { system: "Rules. Be brief.", goal: "Find out.", input: { id: "7" } };
const KEPT_TURNS = 2;
const OMITTED = "Left out for want of room.";

const turnOf = (number: number, sizes: readonly number[], remark?: string): Turn => {
  const content: ModelContent[] = sizes.map((_, index) => ({
    ...{ kind: "tool-use", id: `${number}.${index}`, name: "order" },
    input: { id: `${number}.${index}` },
  }));
  const response = {
    ...{ content, stop: "tool-use" as const },
    usage: { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 1 },
  };
  const at = "2026-01-01T00:00:00.000Z";
  const results = usesOf(response).map((use, index): ToolResult => {
    const provenance = { source: "tool", name: use.name, at } as const;
    const size = sizes[index] ?? 0;
    const failure = {
      domain: "refused",
      code: "tool-refused",
      errorClass: ErrorClass.Permanent,
      message: "No.",
    } as const;
    return {
      ...{ use, key: callKey(use), from: "call" },
      outcome:
        size % 5 === 4
          ? { ok: false, failure: { ...failure, said: "x".repeat(size) }, provenance }
          : { ok: true, output: "x".repeat(size), provenance },
    };
  });
  return { model: "a", at, response, cost: {}, results, ...(remark === undefined ? {} : { remark }) };
};

const turns = fc
  .array(
    fc.record({
      sizes: fc.array(fc.nat(3_000), { maxLength: 4 }),
      remark: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    }),
    {
      maxLength: 12,
    },
  )
  .map((all) =>
    all.map(({ sizes, remark }, index) => turnOf(index + 1, sizes, sizes.length === 0 ? "Go on." : remark)),
  );
const room = fc.integer({ min: 50, max: 6_000 });

const tokensOf = (messages: readonly ModelMessage[]) =>
  estimatedUsage({ system: PINNED.system, messages, tools: [] }).inputTokens;
const isOmitted = (part: ModelContent) => part.kind === "tool-result" && JSON.stringify(part.content).includes(OMITTED);
const omitted = (messages: readonly ModelMessage[]) =>
  messages.flatMap(({ content }) => content).filter(isOmitted).length;
const everything = Number.MAX_SAFE_INTEGER;
/** What tools wrote, as the model is shown it, and what is said of what is missing. */
const shown = (messages: readonly ModelMessage[]) =>
  messages
    .flatMap(({ content }) => content)
    .flatMap((part) => {
      const { data, cut } = part.kind === "tool-result" ? objectOf(part.content) : {};
      return typeof data === "string" ? [{ data, remark: cut }] : [];
    });
const LEAST_CUT = 200;
const cuts = (messages: readonly ModelMessage[]) => shown(messages).filter(({ remark }) => remark !== undefined);

describe("a conversation, whatever its turns and its room", () => {
  const holds = (property: (turns: readonly Turn[], maxTokens: number) => void) =>
    fc.assert(fc.property(turns, room, property), { numRuns: 300 });

  test("begins with goal and input, word for word", () =>
    holds((all, maxTokens) => {
      const messages = messagesOf(PINNED, all, maxTokens);
      expect(messages[0]).toEqual({
        role: "user",
        content: [{ kind: "text", text: 'Goal: Find out.\n\nInput, as data:\n{"id":"7"}' }],
      });
    }));

  test("ends with its newest turns, whole unless leaving out all older results does not suffice", () =>
    holds((all, maxTokens) => {
      const messages = messagesOf(PINNED, all, maxTokens);
      const newest = messagesOf(PINNED, all, everything)
        .slice(1)
        .slice(-2 * KEPT_TURNS);
      if (cuts(messages).length === 0) {
        expect(messages.slice(messages.length - newest.length)).toEqual(newest);
        return;
      }
      expect(omitted(messages)).toBe(all.slice(0, -KEPT_TURNS).flatMap((turn) => turn.results).length);
      expect(tokensOf([...messages.slice(0, -newest.length), ...newest])).toBeGreaterThan(maxTokens);
    }));

  test("takes no more room than there is, as long as it can be cut", () =>
    holds((all, maxTokens) => {
      const least = messagesOf(PINNED, all, 0);
      for (const { data } of shown(least)) expect(data.length).toBeLessThanOrEqual(LEAST_CUT);
      expect(tokensOf(messagesOf(PINNED, all, maxTokens))).toBeLessThanOrEqual(Math.max(tokensOf(least), maxTokens));
    }));

  test("cuts the largest of its newest results, all to one length, and says so", () =>
    holds((all, maxTokens) => {
      const messages = messagesOf(PINNED, all, maxTokens);
      const cut = cuts(messages);
      const lengths = new Set(cut.map(({ data }) => data.length));
      expect(lengths.size).toBeLessThanOrEqual(1);
      const [length = 0] = lengths;
      for (const { remark } of cut) expect(remark).toContain(`the first ${length} are shown`);
      const others = shown(messages).filter(({ remark }) => remark === undefined);
      // To cut those would not make them shorter, with what is said of it.
      if (cut.length > 0) for (const { data } of others) expect(data.length).toBeLessThanOrEqual(length + LEAST_CUT);
    }));

  test("keeps all that models and Holdfast have said, and of results only which call they are of", () =>
    holds((all, maxTokens) => {
      const messages = messagesOf(PINNED, all, maxTokens);
      const whole = messagesOf(PINNED, all, everything);
      const shape = (each: readonly ModelMessage[]) =>
        each.map(({ role, content }) => ({
          role,
          content: content.map((part) => (part.kind === "tool-result" ? { id: part.id, ok: part.ok } : part)),
        }));
      expect(shape(messages)).toEqual(shape(whole));
    }));

  test("has the roles take turns, and after each call its result", () =>
    holds((all, maxTokens) => {
      const messages = messagesOf(PINNED, all, maxTokens);
      expect(messages.map(({ role }) => role)).toEqual(
        messages.map((_, index) => (index % 2 === 0 ? "user" : "assistant")),
      );
      for (const [index, { content }] of messages.entries()) {
        expect(content.length).toBeGreaterThan(0);
        const used = content.flatMap((part) => (part.kind === "tool-use" ? [part.id] : []));
        const given = messages[index + 1]?.content.flatMap((part) => (part.kind === "tool-result" ? [part.id] : []));
        if (messages[index]?.role === "assistant") expect(given).toEqual(used);
      }
    }));

  test("leaves out the oldest results, as few as it takes, where that can make it fit", () =>
    holds((all, maxTokens) => {
      const messages = messagesOf(PINNED, all, maxTokens);
      const results = messages.flatMap(({ content }) => content.filter(({ kind }) => kind === "tool-result"));
      const count = omitted(messages);
      expect(results.slice(0, count).every(isOmitted)).toBe(true);
      const removable = all.slice(0, -KEPT_TURNS).flatMap((turn) => turn.results).length;
      if (tokensOf(messages) > maxTokens) expect(count).toBe(removable);
      if (count === 0 || cuts(messages).length > 0) return;
      // With one more of them it would not have fitted.
      const said = messagesOf(PINNED, all, everything);
      const fewer = messages.map((message, index) => ({
        ...message,
        content: message.content.map((part, at) =>
          results.indexOf(part) === count - 1 ? (said[index]?.content[at] ?? part) : part,
        ),
      }));
      expect(tokensOf(fewer)).toBeGreaterThan(maxTokens);
    }));

  test("is the same for the same turns", () =>
    holds((all, maxTokens) => {
      const again = JSON.parse(JSON.stringify(all)) as readonly Turn[];
      expect(messagesOf(PINNED, again, maxTokens)).toEqual(messagesOf(PINNED, all, maxTokens));
    }));
});

test("a long loop keeps rules and instructions on every turn, and what was left out can be had again", async () => {
  const large: Json = { paid: true, note: "x".repeat(6_000) };
  const calls = Array.from({ length: 8 }, (_, turn) => [call("order", `${turn}`)]);
  const step = thinking({ contextTokens: 4_000 });
  const loop = await loopOf({
    step,
    model: () => says([...calls, [call("order", "0")], [answer()]]),
    tool: () => large,
  });
  expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
  const requests = loop.asked.models;
  expect(new Set(requests.map(({ system }) => system))).toEqual(new Set([requests[0]?.system]));
  expect(requests[0]?.system).toContain("Be brief.");
  expect(requests.map(({ messages }) => omitted(messages))).toEqual([0, 0, 0, 1, 2, 3, 4, 5, 6, 7]);
  expect(loop.asked.tools).toHaveLength(8);
  const last = requests.at(-1)?.messages.at(-1)?.content ?? [];
  expect(last.map((part) => part.kind === "tool-result" && JSON.stringify(part.content).includes("xxx"))).toEqual([
    true,
  ]);
});

test("a turn that is larger than the room there is does not end the loop: its largest results are cut", async () => {
  const lines = Array.from({ length: 2_000 }, (_, line) => ({ line, amount: line * 7 }));
  const loop = await loopOf({
    step: thinking({ contextTokens: 4_000 }),
    model: () => says([[call("order"), call("stock")], [answer()]]),
    tool: (name) => (name === "order" ? { paid: true, lines } : { paid: false }),
  });
  expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
  const [, last] = loop.asked.models;
  const [order, stock] = last?.messages.at(-1)?.content ?? [];
  const whole = JSON.stringify({ paid: true, lines });
  const { cut, data } = objectOf(order?.kind === "tool-result" ? order.content : null);
  const length = String(data).length;
  expect(cut).toBe(
    `Of ${whole.length} characters of data the first ${length} are shown: there is no room for more. Where the rest matters, ask the tool for less at a time, or call fewer tools on a turn.`,
  );
  expect(data).toBe(whole.slice(0, length));
  expect(length).toBeGreaterThan(5_000);
  expect(stock).toMatchObject({ content: { data: { paid: false } } });
  expect(tokensOf(last?.messages ?? [])).toBeLessThanOrEqual(4_000);
});
