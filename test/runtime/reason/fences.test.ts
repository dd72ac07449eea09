import { describe, expect, test } from "vitest";
import { ErrorClass, type Json } from "../../../lib/contract/index.ts";
import { ended, remarks, requireKept } from "./endings.ts";
import { ANSWERED, answer, call, repeats, says } from "./thinking.ts";

const ORDER_PAID = { $eq: [{ $from: "facts.order.paid" }, true] };

const various = (turns: number, name = "order") =>
  says(Array.from({ length: turns }, (_, turn) => [call(name, `${turn}`)]));

describe("once enough is known", () => {
  test("no tool is called any more, and the model is told so at once", async () => {
    const run = await ended({ enough: ORDER_PAID }, says([[call("order")], [call("stock")], [answer()]]));
    expect(run).toMatchObject({ output: ANSWERED, calls: ["order"], turns: 3 });
    expect(remarks(run).slice(1)).toEqual([
      "Enough is known. Call answer now, or ask-people.",
      "Enough is known. Call answer now, or ask-people.",
    ]);
  });

  test("a model that goes on asking is stopped", async () => {
    const run = await ended({ enough: ORDER_PAID }, various(9));
    expect(run.error).toEqual({
      name: ErrorClass.NeedsHuman,
      code: "reason-over-asking",
      message:
        "Step think was stopped: the model went on asking on 2 turns although enough was known. Look at what it found, and answer in its place (override), or abort: tried again, it comes to the same end.",
    });
    expect(run).toMatchObject({ turns: 3, calls: ["order"] });
    await requireKept(run);
  });

  test("that may be known from the input, and then no tool is called at all", async () => {
    const run = await ended({ enough: { $eq: [{ $from: "input.id" }, "7"] } }, says([[call("order")], [answer()]]));
    expect(run).toMatchObject({ output: ANSWERED, calls: [] });
  });

  test("a fact is what its tool answered last, and a call that failed is none", async () => {
    const answers: Json[] = [{ paid: false }, { refused: "Not now." }, { paid: true }];
    const asking = ["a", "b", "c"].map((id) => [call("order", id)]);
    const run = await ended({ enough: ORDER_PAID }, says([...asking, [call("stock")], [answer()]]), {
      tool: () => answers.shift() ?? null,
    });
    expect(run).toMatchObject({ output: ANSWERED, calls: ["order", "order", "order"] });
  });
});

describe("a loop that leads nowhere is stopped", () => {
  test("when the same call is asked for a fourth time, and it was made once", async () => {
    const model = says([
      [call("order")],
      [call("stock", "a"), call("order")],
      [call("stock", "b"), call("order")],
      [call("stock", "c"), call("order")],
      [answer()],
    ]);
    const run = await ended({}, model);
    expect(run.error).toMatchObject({
      name: ErrorClass.NeedsHuman,
      code: "reason-repeats",
      message: expect.stringContaining("asked for order with the same input 4 times."),
    });
    expect(run.turns).toBe(4);
    expect(run.calls.filter((name) => name === "order")).toHaveLength(1);
    await requireKept(run);
  });

  test("not when it is asked for a third time", async () => {
    const model = says([
      [call("order")],
      [call("stock", "a"), call("order")],
      [call("stock", "b"), call("order")],
      [answer()],
    ]);
    expect(await ended({}, model)).toMatchObject({ output: ANSWERED });
  });

  test("when a tool that there is not is asked for again and again, whose name no error repeats", async () => {
    const name = "tell ann@example.com that all is well";
    const model = says(Array.from({ length: 5 }, (_, turn) => [call(name), call("order", `${turn}`)]));
    const { error } = await ended({}, model);
    expect(error).toMatchObject({
      code: "reason-repeats",
      message: expect.stringContaining("a tool that there is not"),
    });
    expect(error?.message).not.toContain("ann@example.com");
  });

  test.each<[string, Parameters<typeof repeats>[0], string]>([
    ["says nothing", { text: "" }, "Go on with a tool, or call answer."],
    ["talks", { text: "I think it is paid." }, "Go on with a tool, or call answer."],
    [
      "is cut off",
      { text: "I think", toolCalls: [call("order")], stop: "max-tokens" },
      "Your answer was cut off. Be brief.",
    ],
    [
      "cannot be read",
      { toolCalls: [call("order")], stop: "malformed" },
      "What you wrote could not be read as a call. Try again.",
    ],
  ])("after three turns on which it %s", async (_, said, remark) => {
    const run = await ended({}, repeats(said));
    expect(run.error).toMatchObject({
      name: ErrorClass.NeedsHuman,
      code: "reason-no-progress",
      message: expect.stringContaining(
        `found out nothing new on 3 turns in a row (told on the last: ${remark.replace(/\.$/, "")}).`,
      ),
    });
    expect(run).toMatchObject({ turns: 3, calls: [] });
    expect(remarks(run).slice(1)).toEqual([remark, remark]);
    await requireKept(run);
  });

  test.each<[string, ReturnType<typeof call>, RegExp]>([
    ["calls tools that there are not", call("jane-roe"), /\(told on the last: tool-not-allowed\)/],
    [
      "asks for what a tool does not take",
      { name: "order", input: { id: { name: "jane-roe" } } },
      /\(told on the last: Tool order was not called: its input is not what it takes\. id: .*type.*\)/,
    ],
  ])("that %s, and says so without its words", async (_, use, told) => {
    const { error } = await ended({}, says([[use], [use], [use]]));
    expect(error?.message).toMatch(told);
    expect(error?.message).not.toContain("jane-roe");
  });

  test("after three turns of tools that fail, and not where one of them is of use", async () => {
    const refuses = (name: string): Json => (name === "stock" ? { refused: "No." } : { paid: true });
    const run = await ended({}, various(9, "stock"), { tool: refuses });
    expect(run.error).toMatchObject({ code: "reason-no-progress" });
    expect(run.calls).toHaveLength(3);
    const model = says([
      ...Array.from({ length: 6 }, (_, turn) => [call(turn % 3 === 2 ? "order" : "stock", `${turn}`)]),
      [answer()],
    ]);
    expect(await ended({}, model, { tool: refuses })).toMatchObject({ output: ANSWERED });
  });

  test("after as many turns as it may take, of which the last may be the answer", async () => {
    const run = await ended({ limits: { turns: 4 } }, various(9));
    expect(run.error).toMatchObject({
      name: ErrorClass.NeedsHuman,
      code: "reason-turns",
      message: expect.stringContaining("did not come to an answer in 4 turns."),
    });
    expect(run.turns).toBe(4);
    await requireKept(run);
    const intime = says([[call("order", "a")], [call("order", "b")], [call("order", "c")], [answer()]]);
    expect(await ended({ limits: { turns: 4 } }, intime)).toMatchObject({ output: ANSWERED });
  });
});
