import { describe, expect, test } from "vitest";
import type { Json } from "../../../lib/contract/index.ts";
import { type DecisionRecord, readRecord } from "../../../lib/runtime/index.ts";
import { buildPacket } from "../../../lib/runtime/people/build-packet.ts";
import { testPorts } from "../../fakes/ports.ts";
import { loopOf } from "../reason/loops.ts";
import { answer, call, says, thinking } from "../reason/thinking.ts";
import { asking, entry, IBAN, KB, nothing, RUN_ID, running } from "./packets.ts";

const ask = (question: string) => ({ name: "ask-people", input: { question } });
const SECRET = "sk_live_0123456789abcdef";

/** What people are shown of a loop that has come so far. */
async function shown(model: Parameters<typeof says>[0], tool?: (name: string) => Json, approves = true) {
  const loop = await loopOf({
    step: thinking(),
    model: () => says(model),
    ...(tool === undefined ? {} : { tool }),
    approves: () => approves,
  });
  await loop.toEnd();
  const { done } = buildPacket({ ...nothing, actions: await loop.actions(), request: asking() });
  return new Map(done.flatMap(({ actions }) => actions.map(({ key, ...action }) => [key, action] as const)));
}

describe("the packet of a loop", () => {
  test("tells its turns by text and calls, and its calls by what came of them", async () => {
    const actions = await shown(
      [
        { text: "Let me look.", toolCalls: [call("order", "a"), call("stock", "b")] },
        { toolCalls: [call("note")] },
        { text: "I wonder." },
        [ask("May it be paid?")],
      ],
      (name) => (name === "stock" ? { paid: false } : name === "note" ? { refused: "Closed." } : { paid: true }),
    );
    expect([...actions]).toEqual([
      [
        "turn-1",
        {
          status: "done",
          result: { chosen: "call order, stock", text: "Let me look.", inputs: [{ id: "a" }, { id: "b" }] },
        },
      ],
      ["turn-1.0-order", { status: "done", result: { output: { paid: true } } }],
      ["turn-1.1-stock", { status: "done", result: { output: { paid: false } } }],
      ["turn-2", { status: "done", result: { chosen: "call note", inputs: [{ id: "7" }] } }],
      ["turn-2.0-note", { status: "done", result: { failure: expect.any(String), said: "Closed." } }],
      ["turn-3", { status: "done", result: { chosen: "no call", text: "I wonder." } }],
      ["turn-4", { status: "done", result: { chosen: "call ask-people", inputs: [{ question: "May it be paid?" }] } }],
    ]);
  });

  test("shows a write that was asked for by its turn alone, with its input", async () => {
    const actions = await shown([[call("refund", "9")]], undefined, false);
    expect([...actions]).toEqual([
      ["turn-1", { status: "done", result: { chosen: "call refund", inputs: [{ id: "9" }] } }],
    ]);
  });

  test("cuts what a model says, and not what it calls", async () => {
    const actions = await shown([{ text: "long ".repeat(300), toolCalls: [call("order", "a")] }, [ask("Well?")]]);
    const result = actions.get("turn-1")?.result as { readonly text: string; readonly inputs: Json };
    expect(Buffer.byteLength(result.text)).toBeLessThanOrEqual(500);
    expect(result.text).toMatch(/^long .*…$/);
    expect(result.inputs).toEqual([{ id: "a" }]);
  });

  test("shows nothing sensitive, be it known by its place, its name or its form, nor the half of it", async () => {
    const { step, sources } = await running();
    const said = {
      model: "m",
      at: "2026-01-01T00:00:00.000Z",
      response: {
        content: [
          { kind: "text", text: `${"a".repeat(485)} ${SECRET} and ${IBAN}` },
          {
            kind: "tool-use",
            id: "1",
            name: "order",
            input: { iban: IBAN, password: "hunter2", note: SECRET, id: "a" },
          },
        ],
        stop: "tool-use",
        usage: {},
      },
    };
    await step("look-up", "read", () => ({ iban: IBAN }));
    await step("assess", "none", async (_, { action }) => {
      await action("turn-1", async () => said);
      await action("turn-1.0-order", async () => ({ ok: true, output: { of: IBAN, token: "abc" }, provenance: {} }));
      return {};
    });
    const { done } = buildPacket({ ...(await sources()), request: asking() });
    const [turn, order] = done.at(-1)?.actions ?? [];
    expect(turn?.result).toMatchObject({
      inputs: [{ iban: "[redacted]", password: "[redacted]", note: "[redacted]", id: "a" }],
    });
    expect(order?.result).toEqual({ output: { of: "[redacted]", token: "[redacted]" } });
    expect(JSON.stringify(done)).not.toMatch(/sk_live|CH93|hunter2/);
  });
});

describe("what the schemas of a loop's tools mark", () => {
  const marked = (name: string) => ({ type: "object", properties: { [name]: { type: "string", sensitive: true } } });
  const tools = {
    account: { input: marked("customer"), output: marked("iban") },
    copy: { input: {}, output: marked("owner") },
  };
  const said = (name: string, input: Json) => ({
    model: "m",
    at: "2026-01-01T00:00:00.000Z",
    response: { content: [{ kind: "tool-use", id: "1", name, input }], stop: "tool-use", usage: {} },
  });
  const packetOf = async (results: Readonly<Record<string, Json>>, more: Parameters<typeof asking>[0] = {}) => {
    const { step, sources } = await running();
    await step("assess", "none", async (_, { action }) => {
      for (const [key, result] of Object.entries(results)) await action(key, async () => result);
      return {};
    });
    return buildPacket({ ...(await sources()), entry: { ...entry, tools }, request: asking(more) });
  };

  test("is shown neither in its turns nor in what its calls came to, nor anywhere else", async () => {
    const packet = await packetOf(
      {
        "turn-1": said("account", { customer: "Jane Roe, Bern", id: "a" }),
        "turn-1.0-account": { ok: true, output: { iban: IBAN, bank: "B" }, provenance: { name: "account" } },
        "turn-2": { ...said("constructor", { note: `of Jane Roe, Bern: ${IBAN}` }) },
        "turn-2.0-account": { ok: false, failure: { message: "No.", said: `No ${IBAN}.` }, provenance: {} },
      },
      { kind: "gate", request: { to: IBAN }, cause: `asked: ${IBAN}` },
    );
    expect(packet.done[0]?.actions.map(({ result }) => result)).toEqual([
      { chosen: "call account", inputs: [{ customer: "[redacted]", id: "a" }] },
      { output: { iban: "[redacted]", bank: "B" } },
      { chosen: "call constructor", inputs: [{ note: "of [redacted]: [redacted]" }] },
      { failure: "No.", said: "No [redacted]." },
    ]);
    expect(packet.question.request).toEqual({ to: "[redacted]" });
    expect(JSON.stringify(packet)).not.toMatch(/Jane|CH93/);
  });

  test("is hidden of what stands in for a tool by the schemas of both", async () => {
    const provenance = { name: "copy", fallback: { of: "account", code: "tool-unreachable" } };
    const output = { iban: IBAN, owner: "Jane Roe, Bern", bank: "B" };
    const { done } = await packetOf({
      "turn-1": said("account", { id: "a" }),
      "turn-1.0-account": { ok: true, output, provenance },
    });
    expect(done[0]?.actions[1]?.result).toEqual({
      output: { iban: "[redacted]", owner: "[redacted]", bank: "B" },
      fallback: provenance.fallback,
    });
  });
});

describe("an action of a handler's own", () => {
  const OWN: readonly (readonly [string, Json])[] = [
    ["turn-1", { response: { content: [{ kind: "text", text: "Mine." }] } }],
    ["turn-2.0-order", { ok: true, output: 1, provenance: {} }],
    ["turn-2:asked", { question: "Mine?" }],
    ["turn-3", "mine"],
  ];

  test("is shown as it is, though it has the name of a loop's", async () => {
    const { step, sources } = await running();
    await step("assess", "none", async (_, { action }) => {
      for (const [key, result] of OWN) await action(key, async () => result);
      return {};
    });
    const { done } = buildPacket({ ...(await sources()), request: asking() });
    expect(done[0]?.actions).toEqual(OWN.map(([key, result]) => ({ key, status: "done", result })));
  });
});

describe("the record of a loop", () => {
  test("tells of a turn that is kept apart that there was one", async () => {
    const loop = await loopOf({
      step: thinking(),
      model: () => says([[call("order")], { text: "p".repeat(120 * KB), toolCalls: [call("stock")] }, [answer()]]),
    });
    await loop.toEnd();
    const record = await readRecord({ store: loop.store, clock: testPorts().clock }, loop.event.runId);
    const turns = record?.decisions.filter(({ kind }) => kind === "turn") ?? [];
    const told = ({ chosen, rule }: DecisionRecord) => `${chosen} (${rule})`;
    expect(turns.map(told)).toEqual([
      expect.stringMatching(/^call order \(turn 1, eu\.amazon/),
      "not shown (turn 2, kept apart)",
      expect.stringMatching(/^call answer \(turn 3, eu\.amazon/),
    ]);
  });

  test("takes no large result of a handler for a turn", async () => {
    const { step, ports } = await running();
    await step("assess", "none", async (_, { action }) => {
      await action("turn-1", async () => "p".repeat(120 * KB));
      return {};
    });
    const record = await readRecord(ports, RUN_ID);
    expect(record?.decisions.filter(({ kind }) => kind === "turn")).toEqual([]);
  });
});
