import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorClass, HoldfastError, type Json } from "../../../lib/contract/index.ts";
import { digestOf } from "../../../lib/definition/index.ts";
import type { Item } from "../../../lib/ports/index.ts";
import { bounded, boundedText } from "../../../lib/runtime/people/bounded.ts";
import { buildPacket, type PacketSources } from "../../../lib/runtime/people/build-packet.ts";
import type { Incident } from "../../../lib/runtime/people/incident.ts";
import type { StepHandler } from "../../../lib/runtime/step-context.ts";
import { asking, causeOf, entry, KB, nothing, RUN_ID, running, sizeOf } from "./packets.ts";

describe("the size", () => {
  it("of each part is bounded", async () => {
    const { step, sources } = await running({ text: "ü".repeat(20 * KB) });
    await step("assess", "none", async (_, { action }) => ({
      text: await action("a", async () => "x".repeat(9 * KB)),
    }));
    const cause = causeOf(new HoldfastError(ErrorClass.Permanent, "long", "m".repeat(50 * KB)));
    const packet = buildPacket({ ...(await sources()), request: asking({ cause, request: "r".repeat(90 * KB) }) });
    expect(packet.input).toEqual({ cut: expect.stringMatching(/^{"text":"ü+$/), bytes: 40 * KB + 11 });
    expect(sizeOf(packet.input)).toBeLessThanOrEqual(8 * KB);
    expect(sizeOf(packet.input)).toBeGreaterThan(8 * KB - 8);
    expect(sizeOf(packet.question.request)).toBe(48 * KB);
    expect(sizeOf(packet.error?.message)).toBe(4 * KB + 2);
    expect(packet.done).toMatchObject([
      { output: { cut: expect.any(String), bytes: 9 * KB + 11 }, actions: [{ result: { bytes: 9 * KB + 2 } }] },
    ]);
    expect(sizeOf(packet.done[0]?.output)).toBeLessThanOrEqual(2 * KB);
  });

  it("of the whole is bounded: the oldest results go first", async () => {
    const { step, sources } = await running();
    for (let index = 0; index < 40; index += 1) {
      await step(
        "assess",
        "none",
        async (_, { action }) => {
          for (const key of ["a", "b", "c"]) await action(key, async () => `${index} ${"x".repeat(1_500)}`);
          return { index, text: "y".repeat(index % 2 === 0 ? 1_500 : 100) };
        },
        { path: `lines#${index}/assess` },
      );
    }
    const packet = buildPacket({ ...(await sources()), request: asking({ request: "r".repeat(90 * KB) }) });
    expect(sizeOf(packet)).toBeLessThanOrEqual(100 * KB);
    expect(sizeOf(packet)).toBeGreaterThan(96 * KB);
    expect(packet.done).toHaveLength(40);
    expect(packet.done.at(-1)).toMatchObject({ output: { index: 39 }, actions: { length: 3 } });
    expect(packet.done[0]).toMatchObject({ output: { cut: "", bytes: expect.any(Number) } });
    const isShown = packet.done.map(({ output }) => typeof output === "object" && output !== null && "index" in output);
    expect(isShown.indexOf(true)).toBe(isShown.lastIndexOf(false) + 1);
  });

  it("of the whole is bounded: of many actions the oldest go first", async () => {
    const { step, sources } = await running();
    for (let index = 0; index < 40; index += 1) {
      const actions: StepHandler = async (_, { action }) => {
        for (let number = 0; number < 20; number += 1) await action(`${number}-`.padEnd(90, "a"), async () => number);
        return index;
      };
      await step("assess", "none", actions, { path: `lines#${index}/assess` });
    }
    const { done, earlierSteps } = buildPacket({ ...(await sources()), request: asking() });
    expect(done.map(({ output }) => output)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(done.at(-1)).toMatchObject({ actions: { length: 20 } });
    expect(done[0]).toMatchObject({ actions: [], earlierActions: 20 });
    expect(earlierSteps).toBeUndefined();
  });

  it("of the whole is bounded, whatever it is made of", () => {
    const huge = fc.oneof(
      fc.string({ unit: "binary-ascii", maxLength: 20 }),
      fc
        .tuple(fc.constantFrom("a", '"', "\\", "\u0001", "ü", "😀", "\ud800", "{"), fc.nat(15_000))
        .map(([text, times]) => text.repeat(times)),
    );
    const value = fc.oneof(huge, fc.array(huge, { maxLength: 3 }), fc.dictionary(huge, huge, { maxKeys: 3 }));
    const name = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("pay", "look-up") }, { weight: 1, arbitrary: huge });
    const asked = fc.record({
      kind: fc.constantFrom<Incident["kind"]>("gate", "approval", "failure", "compensation"),
      step: name,
      path: name,
      error: huge,
      cause: huge,
      request: value,
      recommendation: value,
      decisions: fc.oneof(fc.constant(["retry", "abort"]), fc.array(huge, { maxLength: 12 })),
    });
    const parts: fc.Arbitrary<Made> = fc.record({
      asked,
      input: value,
      count: fc.nat(30),
      result: value,
      path: name,
      text: huge,
    });
    fc.assert(
      fc.property(parts, (made) => {
        const packet = buildPacket(sourcesOf(made));
        expect(sizeOf(packet)).toBeLessThanOrEqual(100 * KB);
        expect(JSON.parse(JSON.stringify(packet))).toEqual(packet);
      }),
      { numRuns: 30, examples: ["a", "\u0001", "😀"].map((text): [Made] => [everywhere(text.repeat(9_000))]) },
    );
  });

  it("leaves room for the last steps, and for the last 20 questions", () => {
    const { done, earlierSteps = 0, asked } = buildPacket(sourcesOf(everywhere("\u0001".repeat(9_000))));
    expect(sizeOf(done)).toBeGreaterThan(2.5 * KB);
    expect(done.length + earlierSteps).toBe(60);
    expect(asked).toHaveLength(20);
  });

  it("is all that a damaged item costs", () => {
    const broken: Item = {
      pk: "RUN",
      sk: "STEP#pay#1",
      path: "pay",
      visit: 1,
      attempt: 1,
      step: "pay",
      status: "committed",
      output: "{",
    };
    const run: Item = { pk: "RUN", sk: "RUN", executionInput: "[" };
    const packet = buildPacket({ ...nothing, run, steps: [broken], request: asking() });
    expect(packet).toMatchObject({ input: null, done: [{ output: "[unreadable]" }] });
  });

  it("of a request of any depth is bounded, and its digest is that of the whole", () => {
    let request: Json = "core";
    for (let level = 0; level < 10_000; level += 1) request = [request];
    const { question } = buildPacket({ ...nothing, request: asking({ kind: "approval", request }) });
    expect(JSON.stringify(question.request)).toContain("[too deep]");
    expect(question.requestDigest).toBe(digestOf(request));
  });
});

interface Made {
  readonly asked: Incident;
  readonly input: Json;
  /** Of steps, a tenth of the actions, and twice the earlier questions. */
  readonly count: number;
  readonly result: Json;
  readonly path: string;
  readonly text: string;
}

/** The same text, and much of it, wherever there is one. */
const everywhere = (text: string) => ({
  asked: {
    kind: "failure" as const,
    step: text,
    path: text,
    error: text,
    cause: text,
    request: text,
    recommendation: text,
    decisions: Array<string>(12).fill(text),
  },
  input: text,
  count: 60,
  result: text,
  path: text,
  text,
});

function sourcesOf({ asked, input, count, result, path, text }: Made): PacketSources {
  const members = Array<string>(100).fill(text.slice(0, 200));
  const kept = JSON.stringify(result);
  const incident = JSON.stringify(asked);
  const answer = JSON.stringify({ decision: text, by: text });
  return {
    entry: {
      ...entry,
      purpose: text,
      escalations: {
        clerks: { otherwise: "abort", tiers: [{ audience: "a", approvals: 1, within: "1h", cap: 1, members }] },
      },
    },
    run: { pk: "RUN", sk: "RUN", executionInput: JSON.stringify({ input }), runId: RUN_ID },
    steps: Array.from({ length: count }, (_, index) => ({
      pk: "RUN",
      sk: `STEP#${path}${index}#1`,
      path: `${path}${index}`,
      visit: 1,
      attempt: 1,
      step: "pay",
      status: index % 3 === 0 ? "leased" : "committed",
      output: kept,
      startedAt: String(index),
    })),
    actions: Array.from({ length: count * 10 }, (_, index) => ({
      pk: "RUN",
      sk: `ACTION#${path}${index % 60}#1#k${index}`,
      status: "done",
      result: kept,
    })),
    before: Array.from({ length: count / 2 }, (_, index) => ({
      pk: "PEOPLE",
      sk: `ESCALATION#${index}`,
      id: `${text}${index}`,
      audience: text,
      status: text,
      tier: 1,
      incident,
      answer,
    })),
    request: asking(asked),
  };
}

describe("a bounded value", () => {
  const text = fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "ü", "€", "😀", "\ud83d"), maxLength: 60 });

  it("fits, is the value where that fits, and else as much of its JSON as does", () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.array(text), fc.dictionary(text, text)),
        fc.integer({ min: 24, max: 200 }),
        (value, bytes) => {
          const cut = bounded(value, bytes);
          const whole = sizeOf(value);
          if (whole <= bytes) {
            expect(cut).toBe(value);
            return;
          }
          expect(sizeOf(cut)).toBeLessThanOrEqual(bytes);
          expect(sizeOf(cut)).toBeGreaterThan(bytes - 5);
          expect(cut).toMatchObject({ bytes: whole });
          const shown = (cut as { cut: string }).cut;
          expect(JSON.stringify(value).startsWith(shown)).toBe(true);
          expect(/\p{Surrogate}/u.test(shown)).toBe(false);
        },
      ),
    );
  });

  it("is cut to nothing where there is no room", () => {
    expect(bounded("a".repeat(100), 5)).toEqual({ cut: "", bytes: 102 });
  });

  it("may be a text, which says that it is cut", () => {
    expect(boundedText("😀😀😀", 12)).toBe("😀😀😀");
    expect(boundedText("😀😀😀😀", 12)).toBe("😀😀…");
    expect(boundedText('""""', 6)).toBe('"…');
  });
});
