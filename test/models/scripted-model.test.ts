import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ErrorClass, type Json } from "../../lib/contract/index.ts";
import { type ModelScriptSource, parseModelScript, readModelScript, scriptedModel } from "../../lib/models/index.ts";
import type { ModelContent, ModelMessage, ModelRequest } from "../../lib/ports/index.ts";
import { classify } from "../../lib/runtime/index.ts";
import { modelClientConformance, type OpenedModel, type Said } from "../conformance/model-client.ts";

const said = (text: string): ModelMessage => ({ role: "user", content: [{ kind: "text", text }] });
const answered = (text: string): ModelMessage => ({ role: "assistant", content: [{ kind: "text", text }] });
const asking = (
  messages: readonly ModelMessage[] = [said("Hello.")],
  more: Partial<ModelRequest> = {},
): ModelRequest => ({
  ...{ model: "cheap", system: "Be brief.", messages, tools: [], maxTokens: 64, idempotencyKey: "1" },
  signal: new AbortController().signal,
  ...more,
});
const textsOf = (content: readonly ModelContent[]) =>
  content.flatMap((part) => (part.kind === "text" ? part.text : []));
const inputsOf = (content: readonly ModelContent[]) =>
  content.flatMap((part) => (part.kind === "tool-use" ? [part.input] : []));
const modelOf = (...replies: ModelScriptSource["replies"]) => scriptedModel(parseModelScript({ replies }));
const ask = (replies: ModelScriptSource["replies"], request: ModelRequest) => modelOf(...replies).converse(request);
const caught = (thrown: Promise<unknown>): Promise<unknown> => thrown.catch((error: unknown) => error);

/** A conversation in which tools have been called and have answered. */
const told = (...results: readonly (readonly [name: string, content: Json, ok?: boolean])[]): ModelMessage[] => [
  said("Look."),
  {
    role: "assistant",
    content: results.map(([name], index) => ({ kind: "tool-use", id: `call-${index}`, name, input: {} })),
  },
  {
    role: "user",
    content: results.map(([, content, ok = true], index) => ({
      kind: "tool-result",
      id: `call-${index}`,
      ok,
      content,
    })),
  },
];

describe("a reply of a script", () => {
  it.each<[string, ModelScriptSource["replies"][number]["when"], ModelRequest]>([
    ["the turn", { turn: 1 }, asking([said("a"), answered("b"), said("c")])],
    ["the model", { model: "strong" }, asking([said("a")], { model: "strong" })],
    ["the system prompt", { goal: "refund" }, asking([said("a")], { system: "Handle refunds." })],
    ["the first message", { goal: "1001" }, asking([said("order 1001"), answered("b"), said("c")])],
    ["what was said last", { said: "broken" }, asking([said("a"), answered("b"), said("It came broken.")])],
    ["what a tool has answered last", { result: '"total":42.5' }, asking(told(["get-order", { total: 42.5 }]))],
    ["all of these at once", { turn: 0, model: "cheap", goal: "brief", said: "Hello" }, asking()],
    ["nothing", {}, asking()],
  ])("is found by %s", async (_, when, request) => {
    const replies = [{ when, text: "this one" }, { text: "any other" }];
    expect(textsOf((await ask(replies, request)).content)).toEqual(["this one"]);
  });

  it.each<[string, ModelScriptSource["replies"][number]["when"], ModelRequest]>([
    ["another turn", { turn: 1 }, asking()],
    ["one half of what it asks for", { turn: 0, model: "strong" }, asking()],
    ["what was said before", { said: "a" }, asking([said("a"), answered("b"), said("c")])],
    ["what is only said, and no tool has answered", { result: "Hello" }, asking()],
  ])("is not found by %s", async (_, when, request) => {
    const replies = [{ when, text: "this one" }, { text: "any other" }];
    expect(textsOf((await ask(replies, request)).content)).toEqual(["any other"]);
  });

  it("is the same for the same request, however often that is made", async () => {
    const model = modelOf({ text: "Well.", toolCalls: [{ name: "get-order" }] });
    expect(await model.converse(asking())).toEqual(await model.converse(asking()));
  });

  it("that is missing is told by turn, model and what was said last", async () => {
    const model = modelOf({ when: { turn: 7 }, text: "a" });
    const error = await caught(model.converse(asking([said("a"), answered("b"), said("It came broken.")])));
    expect(error).toMatchObject({
      ...{ name: ErrorClass.Permanent, code: "script-no-reply" },
      message: expect.stringMatching(/turn 1 of cheap, .*It came broken\./),
    });
    expect(model.calls.map(({ outcome }) => outcome)).toEqual(["no-reply"]);
  });

  it("takes four characters for a token where it does not say what it took", async () => {
    const { usage } = await ask([{ text: "12345678" }], asking([said("1234567")]));
    expect(usage).toEqual({ inputTokens: 5, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 2 });
  });
});

describe("a template of a reply", () => {
  const filling = async (input: Json, ...results: readonly (readonly [name: string, content: Json, ok?: boolean])[]) =>
    inputsOf((await ask([{ toolCalls: [{ name: "a", input }] }], asking(told(...results)))).content)[0];
  const order = ["get-order", { orderId: "1001", total: 42.5, lines: [{ sku: "x" }] }] as const;

  it.each<[string, Json, Json]>([
    ["keeps the type of what it names", { total: "{{last.total}}" }, { total: 42.5 }],
    ["names whole answers", ["{{last}}"], [order[1]]],
    ["reaches into lists", "{{ last.lines.0.sku }}", "x"],
    ["stands within a text", "Order {{last.orderId}}: {{last.lines}}", 'Order 1001: [{"sku":"x"}]'],
    ["names the latest answer of a tool", "{{get-order.orderId}}", "1001"],
    ["is nothing special without its braces", "last.orderId", "last.orderId"],
  ])("%s", async (_, template, value) => {
    expect(await filling(template, order)).toEqual(value);
  });

  it("is filled once: what a tool answers is no template", async () => {
    expect(await filling("{{last}}", ["a", "{{last}}"])).toBe("{{last}}");
  });

  it("tells the tools apart, and passes over those that failed", async () => {
    const results = [order, ["get-policy", { days: 30 }], ["get-policy", { days: 0 }, false]] as const;
    expect(await filling("{{get-order.orderId}} {{get-policy.days}} {{last.days}}", ...results)).toBe("1001 30 30");
  });

  it.each(["{{last.missing}}", "{{other.orderId}}", "{{last.constructor}}"])(
    "that names nothing is an error: %s",
    async (template) => {
      expect(await caught(filling(template, order))).toMatchObject({
        ...{ name: ErrorClass.Permanent, code: "script-no-reply" },
        message: expect.stringContaining(template),
      });
    },
  );
});

describe("a fault of a reply", () => {
  const faulty = (...faults: NonNullable<ModelScriptSource["replies"][number]["faults"]>) =>
    modelOf({ text: "12345678", toolCalls: [{ name: "a" }], faults });

  it("that is an error strikes the first attempts of each call", async () => {
    const model = faulty(
      { fault: "throttle", times: 2, retryAfterSeconds: 3 },
      { fault: "outage" },
      { fault: "timeout" },
    );
    const attempt = async (idempotencyKey: string) => {
      const error = await caught(model.converse(asking([said(idempotencyKey)], { idempotencyKey })));
      const { name, retryAfterSeconds } = classify(error);
      return error instanceof Error ? [name, retryAfterSeconds] : "answered";
    };
    const expected = [
      [ErrorClass.Throttled, 3],
      [ErrorClass.Throttled, 3],
      [ErrorClass.Transient, undefined],
      [ErrorClass.Transient, undefined],
      "answered",
      "answered",
    ];
    for (const key of ["one", "another"]) {
      const seen = [];
      for (const _ of expected) seen.push(await attempt(key));
      expect(seen).toEqual(expected);
    }
    expect(model.calls.filter(({ outcome }) => outcome === "reply")).toHaveLength(4);
  });

  it.each([
    ["malformed", "malformed", ["12345678"]],
    ["truncated", "max-tokens", ["1234"]],
    ["filtered", "filtered", []],
  ] as const)("that is a %s answer strikes the first calls that ask the same", async (fault, stop, texts) => {
    const model = faulty({ fault, times: 2 });
    const converse = (idempotencyKey: string, text = "Hello.") =>
      model.converse(asking([said(text)], { idempotencyKey }));
    for (const key of ["1", "2", "1"]) {
      const { content, ...response } = await converse(key);
      expect([response.stop, textsOf(content), inputsOf(content)]).toEqual([stop, texts, []]);
    }
    expect((await converse("3")).stop).toBe("tool-use");
    expect((await converse("1")).stop).toBe(stop);
    expect((await converse("4", "Something else.")).stop).toBe(stop);
  });
});

describe("a script", () => {
  it.each<[string, unknown, string]>([
    ["is no object", "hello", "it: "],
    ["has no replies", { replies: [] }, "replies: "],
    ["has a word that is not known", { replies: [{ say: "a" }] }, "replies.0: "],
    ["has a fault that is not known", { replies: [{ faults: [{ fault: "fire" }] }] }, "replies.0.faults.0.fault: "],
  ])("that %s is refused, and the place named", (_, source, place) => {
    expect(() => parseModelScript(source)).toThrow(
      expect.objectContaining({
        ...{ name: ErrorClass.InvalidInput, code: "script-invalid" },
        message: expect.stringContaining(place),
      }),
    );
  });

  it("is read from a file of YAML or JSON, which its errors name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "script-"));
    const write = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    const yaml = readModelScript(await write("a.yaml", "replies:\n  - { text: Hello. }\n"), "a.yaml");
    const json = readModelScript(await write("a.json", '{"replies":[{"text":"Hello."}]}'), "a.json");
    expect(yaml).toEqual(json);
    for (const [file, wrong] of [
      [await write("b.yaml", "replies: ["), /^scripts\/it\.yaml is no script of a model: .* at line 1, column \d+$/],
      [await write("c.yaml", "replies: 7"), /^scripts\/it\.yaml is no script of a model: replies: .*$/],
      [join(folder, "none"), /^There is no file scripts\/it\.yaml beside the agent\. Write the script, .*$/],
    ] as const) {
      expect(() => readModelScript(file, "scripts/it.yaml")).toThrow(
        expect.objectContaining({
          ...{ name: ErrorClass.InvalidInput, code: "script-invalid" },
          message: expect.stringMatching(wrong),
        }),
      );
    }
  });
});

const opened = (reply: ModelScriptSource["replies"][number]): Promise<OpenedModel> => {
  const client = modelOf(reply);
  return Promise.resolve({ client, model: "scripted", asked: () => client.calls.length });
};
const FAULTS = { throttled: "throttle", "timed out": "timeout", "out of order": "outage" } as const;

modelClientConformance("a script", {
  saying: ({ text, toolCalls = [], stop, usage }: Said) =>
    opened({
      ...(text === undefined ? {} : { text }),
      ...(usage === undefined ? {} : { usage }),
      toolCalls: toolCalls.map(({ name, input }) => ({ name, input })),
      stop,
    }),
  failing: (failing) => {
    if (!(failing in FAULTS)) throw new RangeError(`Scripts have no such fault: ${failing}.`);
    const fault = FAULTS[failing as keyof typeof FAULTS];
    return opened({ text: "a", faults: [{ fault, ...(fault === "throttle" ? { retryAfterSeconds: 7 } : {}) }] });
  },
  failures: ["throttled", "timed out", "out of order"],
  stops: ["end", "tool-use", "max-tokens", "filtered", "malformed", "context-full"],
});
