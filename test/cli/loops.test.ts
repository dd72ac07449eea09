import { describe, expect, it } from "vitest";
import { cli, inProject, own } from "./in-project.ts";

inProject();

const number = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
const look = {
  description: "Looks.",
  input: number,
  output: { type: "object", properties: { found: { type: "number" } }, required: ["found"] },
  effect: "read",
  timeout: "5s",
  idempotency: "natural",
  breaker: { failures: 5, halfOpenAfter: "30s" },
  health: "calls",
  fallback: "none",
  handler: "./look.mjs",
};
const LOOK = "export const run = ({ n }) => ({ found: 100 + n });";

/** Looks on every turn, at what `n` says of it. */
const replies = (n: (turn: number) => number) =>
  Array.from({ length: 20 }, (_, turn) => ({
    when: { turn },
    toolCalls: [{ name: "look", input: { n: n(turn) } }],
    usage: { inputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 100 },
  }));

const FIND = {
  kind: "reason",
  name: "find",
  goal: "Find it.",
  instructions: "Look.",
  input: { id: { $from: "input.id" } },
  output: { type: "object", properties: { at: { type: "number" } }, required: ["at"] },
  tools: ["look"],
  models: { first: "scripted/script.json" },
};

/** Runs a loop until it is stopped. @returns what people are told, and how the run stands. */
async function stopped(n: (turn: number) => number, loop: object, more: object = {}) {
  await own.declare(
    "looping",
    {
      escalations: { people: { tiers: [{ audience: "desk", within: "4h" }] } },
      tools: { look },
      steps: [{ ...FIND, ...loop }],
      ...more,
    },
    { "script.json": JSON.stringify({ replies: replies(n) }), "look.mjs": LOOK },
  );
  const { code, report } = await own.run("looping");
  const { out: packet } = await own.holdfast("escalation", report.runId);
  const shown = JSON.parse((await own.holdfast("show", report.runId, "--json")).out);
  return { code, packet, shown };
}

describe("a loop is stopped, and people are told what they can decide by", () => {
  it("where it asks on although enough is known", async () => {
    const { code, packet, shown } = await stopped((turn) => turn, {
      enough: { $gte: [{ $from: "facts.look.found" }, 102] },
    });
    expect(code).toBe(3);
    expect(packet).toContain("reason-over-asking");
    expect(packet).toContain("went on asking on 2 turns although enough was known");
    expect(packet).toContain('"output":{"found":102}');
    expect(packet).not.toContain('"output":{"found":103}');
    expect(packet).toMatch(/- `override`: The output that you give stands in for that of find/);
    expect(shown.escalations).toMatchObject([{ step: "find", decisions: ["override", "abort"] }]);
  });

  it("where it goes round in a circle", async () => {
    const { packet, shown } = await stopped((turn) => turn % 2, {});
    expect(packet).toContain("reason-");
    expect(packet).toMatch(/the model (asked for look with the same input|found out nothing new)/);
    expect(shown.escalations).toMatchObject([{ decisions: ["override", "abort"] }]);
  });

  it("where the run's budget is spent, which they may raise, at the cap and not beyond", async () => {
    const prices = { "scripted/script.json": { prices: { input: 10, output: 50 } } };
    // A turn takes 0.015 USD.
    const { packet, shown } = await stopped(
      (turn) => turn,
      { maxTokens: 200 },
      { models: prices, budget: { usd: 0.1 } },
    );
    expect(packet).toContain("Holdfast.BudgetExceeded");
    expect(packet).toMatch(/Spent: .*0\.0\d+ USD/);
    expect(packet).toContain("- `raise`: What you add goes to the run's budget, and find is tried again.");
    expect(shown.cost.actionsUsd).toBeGreaterThan(0.05);
    expect(shown.cost.actionsUsd).toBeLessThanOrEqual(0.1);
  });

  it("where it reaches its own limit, which is declared", async () => {
    const prices = { "scripted/script.json": { prices: { input: 10, output: 50 } } };
    const { packet, shown } = await stopped(
      (turn) => turn,
      { maxTokens: 200, limits: { usd: 0.05 } },
      { models: prices },
    );
    expect(packet).toContain("reason-budget");
    expect(shown.escalations).toMatchObject([{ decisions: ["override", "abort"] }]);
  });

  it("and they can answer in its place", async () => {
    const { shown } = await stopped((turn) => turn, { limits: { turns: 3 } });
    const output = await cli.file(JSON.stringify({ at: 7 }));
    const [{ id }] = shown.escalations;
    const { out } = await own.holdfast(
      "decide",
      id,
      "--decision",
      "override",
      "--output",
      output,
      "--as",
      "ann",
      "--json",
    );
    expect(JSON.parse(out)).toMatchObject({ status: "completed", output: { at: 7 } });
  });
});

describe("a model that asks people", () => {
  it("has not failed, for whoever watches the run or looks at it", async () => {
    await own.declare(
      "asking",
      {
        escalations: { people: { tiers: [{ audience: "desk", within: "4h" }] } },
        tools: { look },
        steps: [{ ...FIND, limits: { turns: 3 } }],
      },
      {
        "script.json": JSON.stringify({
          replies: [{ toolCalls: [{ name: "ask-people", input: { question: "Who?" } }] }],
        }),
        "look.mjs": LOOK,
      },
    );
    const detail = { id: "a", requestedBy: "zoe" };
    const event = await cli.file(JSON.stringify({ id: "1", source: "test", "detail-type": "asking", detail }));
    const { err, out } = await own.holdfast("run", "asking", "--event", event);
    expect(err).toMatch(/‖ find +asked-by-model/);
    const [runId = ""] = out.split(" ");
    const shown = (await own.holdfast("show", runId)).out;
    expect(shown).toMatch(/‖ find .*asked-by-model/);
    expect(shown).toContain("turn: call ask-people (turn 1, scripted/script.json)");
    for (const text of [out, shown]) expect(text).toContain("--decision override --output output.json --as");
    const { out: packet } = await own.holdfast("escalation", runId);
    expect(packet).toContain('"chosen":"call ask-people","inputs":[{"question":"Who?"}]');
    expect(packet).not.toContain("turn-1:asked");
  });
});
