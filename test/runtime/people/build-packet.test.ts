import { describe, expect, it } from "vitest";
import { ErrorClass, HoldfastError, type Json } from "../../../lib/contract/index.ts";
import { digestOf, type PeopleEntry } from "../../../lib/definition/index.ts";
import type { Item } from "../../../lib/ports/index.ts";
import { buildPacket } from "../../../lib/runtime/people/build-packet.ts";
import type { Incident } from "../../../lib/runtime/people/incident.ts";
import { asking, causeOf, entry, IBAN, incident, KB, nothing, RUN_ID, running } from "./packets.ts";

describe("the packet of a run", () => {
  it("tells what was done, with actions, in the order in which it was reached", async () => {
    const { step, undo, sources } = await running();
    await step("look-up", "read", () => ({ iban: IBAN, bank: "B", vip: true }));
    await step(
      "assess",
      "none",
      async (_, { action }) => {
        const b = await action("b", async () => "second by name", { cost: { tokens: 20, usd: 0.5 } });
        const a = await action("a", async () => ({ password: "hunter2", verdict: "fine" }));
        return { a: a.verdict, b };
      },
      { attempt: 3 },
    );
    await step("pay", "write", () => ({ paid: 3 }));
    await undo("pay");
    const failed = await step("book", "write", async (_, { action }) => {
      await action("charge", async () => {
        throw new Error("socket hang up");
      });
      return null;
    });
    expect(failed).toMatchObject({ name: expect.any(String) });
    const packet = buildPacket({ ...(await sources()), request: asking({ step: "book", path: "book" }) });
    expect(packet.run).toEqual({
      id: RUN_ID,
      agent: "desk",
      goal: "Pay what is due.",
      startedAt: "2026-01-01T00:00:00.000Z",
    });
    expect(packet.input).toEqual({ id: "a", salary: "[redacted]" });
    expect(packet.done).toEqual([
      {
        path: "look-up",
        status: "completed",
        attempts: 1,
        output: { iban: "[redacted]", bank: "B", vip: "[redacted]" },
        actions: [],
      },
      {
        path: "assess",
        status: "completed",
        attempts: 3,
        output: { a: "fine", b: "second by name" },
        actions: [
          { key: "b", status: "done", result: "second by name" },
          { key: "a", status: "done", result: { password: "[redacted]", verdict: "fine" } },
        ],
      },
      { path: "pay", status: "undone", attempts: 1, output: { paid: 3 }, actions: [] },
      {
        path: "book",
        status: "under way",
        attempts: 1,
        output: null,
        actions: [{ key: "charge", status: "intent", result: null }],
      },
    ]);
    expect(packet.spent).toEqual({ tokens: 20, usd: 0.5 });
  });

  it("tells the actions of a step that takes no lease and has not ended", async () => {
    const { step, sources } = await running();
    await step("assess", "none", async (_, { action }) => {
      await action("ask-model", async () => "no idea");
      throw new HoldfastError(ErrorClass.NeedsHuman, "unsure", "It says nothing.");
    });
    expect(buildPacket({ ...(await sources()), request: asking() }).done).toEqual([
      {
        path: "assess",
        status: "under way",
        attempts: null,
        output: null,
        actions: [{ key: "ask-model", status: "done", result: "no idea" }],
      },
    ]);
  });

  it("tells only what is counted of what was spent", async () => {
    const { sources } = await running();
    const { run, ...rest } = await sources();
    const key = { pk: String(run?.pk), sk: String(run?.sk) };
    const spentOf = (counted: object) => buildPacket({ ...rest, run: { ...key, ...counted }, request: asking() }).spent;
    expect([spentOf({}), spentOf({ microUsdLeft: 5 })]).toEqual([{}, { usd: 0 }]);
  });

  it("says of a result that is kept apart only that it is", async () => {
    const { step, sources } = await running();
    await step("assess", "none", async (_, { action }) => ({
      pages: await action("read", async () => "p".repeat(120 * KB)),
    }));
    const found = await sources();
    expect(found.steps[0]).toMatchObject({ outputClaim: expect.stringContaining("mem:claims/") });
    expect(buildPacket({ ...found, request: asking() }).done).toMatchObject([
      { output: { kept: "apart" }, actions: [{ key: "read", status: "done", result: { kept: "apart" } }] },
    ]);
  });

  it("keeps the last 40 steps and 20 actions, items of a list in their order, and says what is left out", async () => {
    const { step, sources } = await running();
    for (let index = 0; index < 45; index += 1) {
      await step("assess", "none", () => index, { path: `lines#${index}/assess` });
    }
    await step("look-up", "read", async (_, { action }) => {
      for (let index = 0; index < 23; index += 1) await action(`a${index}`, async () => index);
      return { done: true };
    });
    const packet = buildPacket({ ...(await sources()), request: asking() });
    expect(packet.done.map(({ path }) => path)).toEqual([
      ...Array.from({ length: 39 }, (_, index) => `lines#${index + 6}/assess`),
      "look-up",
    ]);
    expect(packet.earlierSteps).toBe(6);
    expect(packet.done.at(-1)?.actions.map(({ key }) => key)).toEqual(
      Array.from({ length: 20 }, (_, index) => `a${index + 3}`),
    );
    expect(packet.done.at(-1)?.earlierActions).toBe(3);
  });

  it("hides what is sensitive wherever it comes up: in a request, a message, a result, another output", async () => {
    const { step, sources } = await running();
    await step("look-up", "read", () => ({ iban: IBAN, bank: "B" }));
    await step("assess", "none", async (_, { action }) => {
      await action("echo", async () => ({ account: IBAN, of: 5200, said: `it is ${IBAN}.` }));
      return { copied: [IBAN] };
    });
    const cause = causeOf(
      new HoldfastError(ErrorClass.Permanent, "bad-iban", `No such account: ${IBAN}`, {
        recommendation: `Ask ${IBAN}`,
      }),
    );
    const request = { to: IBAN, salary: 5200, note: `to ${IBAN}, for a`, count: 2, password: "hunter2", [IBAN]: true };
    const packet = buildPacket({ ...(await sources()), request: asking({ cause, request }) });
    expect(JSON.stringify(packet)).not.toContain(IBAN);
    expect(packet.question.request).toEqual({
      to: "[redacted]",
      salary: 5200,
      note: "to [redacted], for a",
      count: 2,
      password: "[redacted]",
      "[redacted]": true,
    });
    expect(packet.question.requestDigest).toBe(digestOf(request));
    expect(packet.options.map(({ decision }) => decision)).toEqual(["retry", "override", "abort"]);
    expect(packet.error?.message).toBe("No such account: [redacted]");
    expect(packet.question.recommendation).toBe("Ask [redacted]");
  });

  it("offers to approve a call of a loop where the whole of it is shown, and nowhere else", async () => {
    const { step, sources } = await running();
    await step("look-up", "read", () => ({ iban: IBAN, bank: "B" }));
    const found = await sources();
    const asked = (input: Json, schema = {}) => {
      const tools = { transfer: { input: schema, output: {} } };
      const call = { tool: "transfer", asked: "turn-1.0-transfer:asked" };
      const request = { tool: "transfer", input };
      const gate = asking({ kind: "gate", call, request, decisions: ["approve", "reject"] });
      const { question, options } = buildPacket({ ...found, entry: { ...entry, tools }, request: gate });
      return { ...question, options: options.map(({ decision }) => decision) };
    };
    expect(asked({ to: "CH00", amount: 5200 })).toMatchObject({
      text: "May pay call transfer with exactly this?",
      request: { tool: "transfer", input: { to: "CH00", amount: 5200 } },
      options: ["approve", "reject"],
    });
    const marked = { properties: { to: { type: "string", sensitive: true } } };
    for (const hidden of [asked({ to: IBAN }), asked({ to: "CH00" }, marked)]) {
      expect(hidden).toMatchObject({
        text: "pay would call transfer with more than is shown here, which nobody can approve.",
        request: { tool: "transfer", input: { to: "[redacted]" } },
        options: ["reject"],
      });
    }
  });

  it("hides what people gave in place of a step's output, where the step's schema says so", () => {
    const before: Item[] = [
      {
        pk: "PEOPLE",
        sk: "ESCALATION#1",
        id: "1",
        incident: JSON.stringify(incident({ step: "look-up", path: "look-up" })),
        answer: JSON.stringify({ decision: "override", by: "ann", output: { iban: IBAN } }),
      },
    ];
    const packet = buildPacket({ ...nothing, before, request: asking({ kind: "gate", request: { to: IBAN } }) });
    expect(packet.question.request).toEqual({ to: "[redacted]" });
  });
});

describe("the question", () => {
  it.each<[Incident["kind"], string]>([
    ["gate", "May pay write exactly this?"],
    ["approval", "Do you approve?"],
    ["failure", "pay failed: Holdfast.Transient. What shall be done?"],
    ["compensation", "Some writes could not be undone. Shall it be tried again?"],
  ])("of a %s", (kind, text) => {
    expect(buildPacket({ ...nothing, request: asking({ kind }) }).question.text).toBe(text);
  });

  it("has no request and no digest where nothing is requested; null is a request", () => {
    const { question } = buildPacket({ ...nothing, request: asking() });
    expect(question).toMatchObject({ request: null, requestDigest: null });
    const asked = buildPacket({ ...nothing, request: asking({ kind: "approval", request: null }) }).question;
    expect(asked).toMatchObject({ request: null, requestDigest: digestOf(null) });
  });

  it("says who is asked", () => {
    expect(buildPacket({ ...nothing, request: asking({}, { tier: 2 }) }).escalation).toEqual({
      id: `${RUN_ID}-00000001`,
      ladder: "clerks",
      tier: 2,
      tiers: 2,
      audience: "ap-lead",
      openedAt: "2026-01-01T01:00:00.000Z",
      approvals: 2,
      members: ["ann", "ben"],
    });
    expect(() => buildPacket({ ...nothing, request: asking({}, { tier: 3 }) })).toThrow(RangeError);
  });

  it.each<[Partial<Incident>, string]>([
    [{ kind: "gate", decisions: ["approve"] }, "pay writes exactly this."],
    [{ kind: "approval", decisions: ["approve"] }, "The run goes on."],
    [{ kind: "gate", decisions: ["reject"] }, "Completed writes are undone, and the run ends as abandoned."],
    [
      { kind: "approval", step: "ask", decisions: ["reject"] },
      'The run goes on, with this in place of the output of ask: {"paid":false}',
    ],
    [{ step: "gone", decisions: ["reject"] }, "The run goes on as declared for a rejection of gone."],
    [{ decisions: ["retry"] }, "pay is tried again."],
    [{ decisions: ["override"] }, "The output that you give stands in for that of pay, and must match its schema."],
    [{ decisions: ["raise"] }, "What you add goes to the run's budget, and pay is tried again."],
    [{ decisions: ["abort"] }, "Completed writes are undone, and the run ends as abandoned."],
    [{ kind: "compensation", decisions: ["retry"] }, "What is not undone yet is tried again."],
    [{ kind: "compensation", decisions: ["abort"] }, "Those writes stay as they are, and the run ends as abandoned."],
  ])("tells the consequence of %j", (more, consequence) => {
    const [decision = ""] = more.decisions ?? [];
    expect(buildPacket({ ...nothing, request: asking(more) }).options).toEqual([{ decision, consequence }]);
  });

  it.each<[PeopleEntry["steps"][string]["onReject"], string]>([
    ["fail", "The run ends as failed; completed writes stay as they are."],
    [{ escalate: "leads" }, "The rejection is handed to the ladder leads."],
  ])("tells the consequence of a rejection that leads to %j", (onReject, consequence) => {
    const steps = { pay: onReject === undefined ? {} : { onReject } };
    const request = asking({ kind: "gate", decisions: ["reject"] });
    const [option] = buildPacket({ ...nothing, entry: { ...entry, steps }, request }).options;
    expect(option?.consequence).toBe(consequence);
  });

  it("lists what was asked about the same path before, oldest first", () => {
    const asked = (
      id: string,
      openedAt: string,
      more: Readonly<Record<string, string | number>> = {},
      path = "pay",
    ): Item => ({
      pk: "PEOPLE",
      sk: `ESCALATION#${id}`,
      id,
      tier: 1,
      audience: "ap-clerks",
      status: "open",
      openedAt,
      deadline: "2026-01-01T00:30:00.000Z",
      incident: JSON.stringify(incident({ path })),
      ...more,
    });
    const before = [
      asked("d", "2026-01-01T00:02:00.000Z", { tier: 2, deadline: "2026-01-02T00:00:00.000Z" }),
      asked("b", "2026-01-01T00:01:00.000Z", { status: "expired" }),
      asked("a", "2026-01-01T00:00:00.000Z", { status: "decided", answer: '{"decision":"retry","by":"ann"}' }),
      asked("c", "2026-01-01T00:02:00.000Z"),
      asked("elsewhere", "2026-01-01T00:00:00.000Z", {}, "book"),
      asked(`${RUN_ID}-00000001`, "2026-01-01T01:00:00.000Z"),
    ];
    const row = { tier: 1, audience: "ap-clerks", decision: null, decidedBy: null };
    expect(buildPacket({ ...nothing, before, request: asking() }).asked).toEqual([
      { ...row, id: "a", status: "decided", decision: "retry", decidedBy: "ann" },
      { ...row, id: "b", status: "expired" },
      { ...row, id: "c", status: "expired" },
      { ...row, id: "d", status: "open", tier: 2 },
    ]);
  });
});

describe("what went wrong", () => {
  const failed = (error: HoldfastError, more: Partial<Incident> = {}) =>
    buildPacket({ ...nothing, request: asking({ error: error.name, cause: causeOf(error), ...more }) });

  it("is told by class, code and message, without the secrets in it", () => {
    const error = new HoldfastError(ErrorClass.Transient, "refused", "GET https://a:hunter2@b/ refused");
    expect(failed(error, { attempts: 4 }).error).toEqual({
      class: ErrorClass.Transient,
      code: "refused",
      message: "GET https://[redacted]@b/ refused",
      attempts: 4,
    });
    expect(failed(error, { kind: "compensation" }).error?.code).toBe("refused");
    expect(failed(error, { kind: "gate" }).error).toBeNull();
  });

  it("comes with the recommendation of whoever asked for help", () => {
    const error = new HoldfastError(ErrorClass.NeedsHuman, "unsure", "Two match.", {
      recommendation: "Take the first, token=abcdef.",
    });
    expect(failed(error)).toMatchObject({
      error: { message: "Two match." },
      question: { recommendation: "Take the first, token=[redacted]" },
    });
    expect(failed(error, { recommendation: { order: 1 } }).question.recommendation).toEqual({ order: 1 });
    expect(buildPacket({ ...nothing, request: asking() }).question.recommendation).toBeNull();
    const gate = asking({ kind: "gate", recommendation: "yes", request: 1 });
    expect(buildPacket({ ...nothing, request: gate }).question.recommendation).toBe("yes");
  });
});
