import { describe, expect, test } from "vitest";
import { ErrorClass, type Json, readAsked } from "../../../lib/contract/index.ts";
import type { ModelClient } from "../../../lib/ports/index.ts";
import { classify } from "../../../lib/runtime/index.ts";
import { loopOf } from "./loops.ts";
import { ANSWERED, answer, call, says, thinking } from "./thinking.ts";

const REFUND: Json = { tool: "refund", input: { id: "7" } };
const refunding = () => says([[call("order")], [call("refund")], [answer()]]);

/** A loop whose attempts a test makes one by one. */
async function attempts(model: () => ModelClient = refunding) {
  const loop = await loopOf({ step: thinking(), model });
  const attempt = async () => {
    const ended = await loop.attempt().then(
      (output) => ({ output }),
      (error: unknown) => ({ error: classify(error) }),
    );
    if (!("error" in ended)) return ended.output;
    const { name, code, message } = ended.error;
    expect({ name, code }).toEqual({ name: ErrorClass.NeedsApproval, code: "approval-needed" });
    return { asked: await loop.requestOf(message), message };
  };
  const written = () =>
    loop.asked.tools.filter(({ name }) => name !== "order").map(({ name, input }) => ({ tool: name, input }));
  return { ...loop, attempt, written };
}

test("a write waits for people, who are shown tool and input by reference alone", async () => {
  const { attempt, written } = await attempts();
  const { asked, message } = (await attempt()) as { asked: Json; message: string };
  expect(asked).toEqual(REFUND);
  expect(readAsked(message)).toEqual({ tool: "refund", asked: "turn-2.0-refund:asked" });
  expect(written()).toEqual([]);
});

test("it is made once, with the very input that was approved, and no model is asked again for it", async () => {
  const { attempt, written, approve, asked } = await attempts();
  await attempt();
  const before = asked.models.length;
  approve(REFUND);
  expect(await attempt()).toEqual(ANSWERED);
  expect(written()).toEqual([REFUND]);
  expect(asked.models).toHaveLength(before + 1);
  expect(await attempt()).toEqual(ANSWERED);
  expect(written()).toEqual([REFUND]);
  expect(asked.models).toHaveLength(before + 1);
});

describe("it is not made with an approval", () => {
  test.each<[string, Json, string?]>([
    ["of another input", { tool: "refund", input: { id: "8" } }],
    ["of the same and more", { tool: "refund", input: { id: "7", amount: 1 } }],
    ["of another tool", { tool: "letter", input: { id: "7" } }],
    ["of the input alone", { id: "7" }],
    ["of another step", REFUND, "other"],
    ["of the same step elsewhere in the run", REFUND, "items/0/think"],
  ])("%s", async (_, request, path) => {
    const { attempt, written, approve } = await attempts();
    await attempt();
    approve(request, path);
    expect(await attempt()).toMatchObject({ asked: REFUND });
    expect(written()).toEqual([]);
  });

  test("that is no approval", async () => {
    const loop = await loopOf({ step: thinking(), model: refunding });
    await expect(loop.attempt()).rejects.toMatchObject({ code: "approval-needed" });
    const [approval] = loop.approve(REFUND);
    const decided = approval === undefined ? [] : [{ ...approval, kind: "choice" as const }];
    await expect(loop.attempt({ decided })).rejects.toMatchObject({ code: "approval-needed" });
    expect(decided).toHaveLength(1);
    expect(loop.asked.tools.map(({ name }) => name)).toEqual(["order"]);
  });
});

test("of two in one turn, the one that is approved is made, and the other is asked for", async () => {
  const { attempt, written, approve } = await attempts(() =>
    says([[call("letter", "a"), call("refund", "b")], [answer()]]),
  );
  const letter = { tool: "letter", input: { id: "a" } };
  const refund = { tool: "refund", input: { id: "b" } };
  expect(await attempt()).toMatchObject({ asked: letter });
  approve(refund);
  expect(await attempt()).toMatchObject({ asked: letter });
  expect(written()).toEqual([]);
  approve(letter);
  expect(await attempt()).toEqual(ANSWERED);
  expect(written()).toEqual([letter, refund]);
});

test("the same write asked for twice, in one turn or in two, is approved once and made once", async () => {
  const { attempt, written, approve, asked } = await attempts(() =>
    says([[call("refund"), call("refund")], [call("refund")], [answer()]]),
  );
  await attempt();
  approve(REFUND);
  expect(await attempt()).toEqual(ANSWERED);
  expect(written()).toEqual([REFUND]);
  const results = asked.models
    .at(-1)
    ?.messages.flatMap(({ content }) => content.filter(({ kind }) => kind === "tool-result"));
  expect(results).toHaveLength(3);
  expect(new Set(results?.map((part) => part.kind === "tool-result" && JSON.stringify(part.content))).size).toBe(1);
});

test("with another input it is another write, and asked for again", async () => {
  const { attempt, written, approve } = await attempts(() =>
    says([[call("refund", "7")], [call("refund", "8")], [answer()]]),
  );
  await attempt();
  approve(REFUND);
  expect(await attempt()).toMatchObject({ asked: { tool: "refund", input: { id: "8" } } });
  expect(written()).toEqual([REFUND]);
});

test("people are not asked for what the tool does not take: the model is told", async () => {
  const wrong = { name: "refund", input: { id: 7 } };
  const { attempt, written, asked } = await attempts(() => says([[wrong], [answer()]]));
  expect(await attempt()).toEqual(ANSWERED);
  expect(written()).toEqual([]);
  expect(JSON.stringify(asked.models.at(-1)?.messages.at(-1))).toContain("tool-input-invalid");
});

test("a write that says why nobody approves it is made at once", async () => {
  const { attempt, written } = await attempts(() => says([[call("note")], [answer()]]));
  expect(await attempt()).toEqual(ANSWERED);
  expect(written()).toEqual([{ tool: "note", input: { id: "7" } }]);
});

test("it is not asked for with an input that is too large to be shown whole: the model is told so", async () => {
  const id = "7".repeat(50_000);
  const loop = await loopOf({ step: thinking(), model: () => says([[call("refund", id)], [answer()]]) });
  expect(await loop.toEnd()).toMatchObject({ output: ANSWERED });
  expect(loop.asked.tools).toEqual([]);
  expect(JSON.stringify(loop.asked.models.at(-1)?.messages)).toContain("too large to be shown to them");
});
