import { describe, expect, test } from "vitest";
import { ErrorClass, type Json } from "../../../lib/contract/index.ts";
import { classify } from "../../../lib/runtime/index.ts";
import { ended, remarks, requireKept } from "./endings.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, FIRST, repeats, says, thinking } from "./thinking.ts";

const ask = (question: string, recommendation?: string) => ({
  name: "ask-people",
  input: { question, ...(recommendation === undefined ? {} : { recommendation }) },
});

describe("an answer", () => {
  test("that breaks its schema is sent back with what is wrong, and may be mended", async () => {
    const run = await ended({}, says([[answer({ ok: "yes" })], [answer({})], [answer()]]));
    expect(run).toMatchObject({ output: ANSWERED, turns: 3 });
    expect(remarks(run)[1]).toMatch(/^That is no answer: ok: /);
    expect(remarks(run)[2]).toContain('does not have required property "ok"');
    expect(JSON.stringify(run.said[1])).not.toContain("yes");
  });

  test("that breaks it for the third time ends the attempt, and repeats nothing of what it was", async () => {
    const run = await ended(
      {},
      says([[answer({ ok: "Quillfeather" })], [call("order")], [answer({})], [answer({ ok: "Quillfeather" })]]),
    );
    expect(run.error).toMatchObject({
      name: ErrorClass.NeedsHuman,
      code: "reason-invalid-answer",
      message: expect.stringMatching(
        /^Step think gave 3 answers that cannot be taken\. ok: .* Answer in its place \(override\), and .*$/,
      ),
    });
    expect(run.error?.message).not.toContain("Quillfeather");
    expect(run.turns).toBe(4);
    await requireKept(run);
  });

  test("that comes with other calls is none, since it cannot know what they say; none of them is made", async () => {
    const run = await ended({}, says([[call("note"), answer()], [call("note")], [answer()]]));
    expect(run).toMatchObject({ output: ANSWERED, calls: ["note"], turns: 3 });
    expect(remarks(run)[1]).toContain("call it alone");
    expect(await ended({}, repeats([call("order"), answer()]))).toMatchObject({
      calls: [],
      error: { code: "reason-invalid-answer" },
    });
  });

  test.each([
    ["that is cut off", "max-tokens"],
    ["that cannot be read", "malformed"],
  ] as const)("%s is none", async (_, stop) => {
    const run = await ended({}, says([{ toolCalls: [answer()], stop }, [answer({ ok: false })]]));
    expect(run).toMatchObject({ output: { ok: false }, turns: 2 });
  });

  test.each([200, 8_000])(
    "that is nested %d deep, too deep to be kept, is none either, and is paid once",
    async (depth) => {
      let nested: Json = [];
      for (let level = 0; level < depth; level += 1) nested = [nested];
      const inputs = [nested, ANSWERED];
      const usage = { inputTokens: 900, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100 };
      const run = await ended(
        {},
        {
          async converse() {
            const input = inputs.shift() ?? null;
            return { content: [{ kind: "tool-use", id: "1", name: "answer", input }], stop: "tool-use", usage };
          },
        },
      );
      expect(run).toMatchObject({ output: ANSWERED, attempts: 1, turns: 2 });
      expect(remarks(run)[1]).toBe("What you wrote could not be read as a call. Try again.");
      const kept = JSON.parse(String((await run.loop.recorded()).get("turn-1")?.result));
      expect(kept.response).toEqual({ content: [], stop: "malformed", usage });
    },
  );

  test("counts whatever the model says besides", async () => {
    const run = await ended({}, says([{ text: "There it is.", toolCalls: [answer()], stop: "end" }]));
    expect(run).toMatchObject({ output: ANSWERED });
  });
});

describe("a model that asks people", () => {
  test("ends the loop with its question and what it recommends", async () => {
    const loop = await loopOf({
      step: thinking(),
      model: () => says([[call("order")], [ask("May it be paid?", "Pay it.")]]),
    });
    const asked = classify(await loop.attempt().catch((error: unknown) => error));
    expect(asked).toMatchObject({
      name: ErrorClass.NeedsHuman,
      code: "asked-by-model",
      message: '{"asked":"turn-2:asked"}',
    });
    const kept = (await loop.recorded()).get("turn-2:asked");
    expect(JSON.parse(String(kept?.result))).toEqual({ question: "May it be paid?", recommendation: "Pay it." });
    expect(loop.asked.tools).toHaveLength(1);
  });

  test("does so whatever it calls besides, and none of that is done", async () => {
    const run = await ended({}, says([[call("note"), answer(), ask("Which one?")]]));
    expect(run).toMatchObject({ error: { code: "asked-by-model" }, calls: [] });
    await requireKept(run);
  });

  test("has to ask something", async () => {
    const run = await ended({}, says([[ask("")], [answer()]]));
    expect(run).toMatchObject({ output: ANSWERED });
    expect(remarks(run)[1]).toMatch(/^That is no ask-people: question: /);
  });
});

describe("what a provider holds back", () => {
  test("is told to people, who cannot have it said by trying again", async () => {
    const run = await ended({}, says([[call("order")], { toolCalls: [answer()], stop: "filtered" }]));
    expect(run.error).toEqual({
      name: ErrorClass.Denied,
      code: "reason-filtered",
      message: `What ${FIRST} said in step think was held back by its provider or a guardrail. Look at the input, and answer in its place (override), or abort.`,
    });
    await requireKept(run);
  });

  test("for the length of the conversation is told with what to lower", async () => {
    const run = await ended({}, says([{ stop: "context-full" }]));
    expect(run.error).toEqual({
      name: ErrorClass.NeedsHuman,
      code: "reason-context-full",
      message: `The conversation of step think is longer than ${FIRST} takes. Lower contextTokens in the declaration, or answer in its place (override).`,
    });
    await requireKept(run);
  });
});
