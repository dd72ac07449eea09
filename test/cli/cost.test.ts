import { describe, expect, it } from "vitest";
import { PRICE_SOURCES, PRICES } from "../../lib/contract/index.ts";
import { cli, inProject, own } from "./in-project.ts";

inProject();

const json = (text: string) => JSON.parse(text);
const counted = ({ machine, platform }: Record<"machine" | "platform", Record<string, number>>) => ({
  transitions: machine.transitions,
  invocations: machine.invocations,
  storeWrites: Number(machine.storeWrites) + Number(platform.storeWrites),
});

/** Both together, but for how long invocations take, and for reads: a look at lists counts with no run here. */
const inAll = ({ machine, platform }: Record<"machine" | "platform", Record<string, number>>) => {
  const sums = Object.keys(machine).map((key) => [key, Number(machine[key]) + Number(platform[key])]);
  return Object.fromEntries(sums.filter(([key]) => key !== "gigabyteSeconds" && key !== "storeReads"));
};

describe("an estimate before any run", () => {
  it("of invoice-desk is what a clean invoice takes", async () => {
    const { typical, month } = json((await cli.holdfast("cost", "invoice-desk", "--json")).out);
    const run = await cli.holdfast("run", "invoice-desk", "--event", await cli.event("clean"), "--json");
    const { transitions, invocations, storeWrites } = json(run.out).usage;
    expect(counted(typical)).toEqual({ transitions, invocations, storeWrites });
    expect(month).toMatchObject({ runs: 10_000, typicalUsd: typical.usd * 10_000 });
  });

  it("counts as the run that it is of is counted, and prices as that", async () => {
    const { typical } = json((await cli.holdfast("cost", "invoice-desk", "--json")).out);
    const { runId } = json(
      (await cli.holdfast("run", "invoice-desk", "--event", await cli.event("clean"), "--json")).out,
    );
    const { cost } = json((await cli.holdfast("show", runId, "--json")).out);
    const { gigabyteSeconds, storeReads, ...counts } = cost.counts;
    expect(counts).toEqual(inAll(typical));
    const { machine, platform } = typical;
    const faster = machine.gigabyteSeconds + platform.gigabyteSeconds - gigabyteSeconds;
    const fewer = machine.storeReads + platform.storeReads - storeReads;
    expect(fewer).toBeGreaterThanOrEqual(0);
    const less = faster * PRICES.lambdaGigabyteSecond + fewer * PRICES.storeRead;
    expect(cost.usd).toBeCloseTo(typical.usd - less, 12);
    expect(cost).toMatchObject({ tokens: 0, actionsUsd: 0, totalUsd: cost.usd });
  });

  it("of gated writes, items and branches is what a run takes in which all goes well", async () => {
    const output = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
    const step = (name: string, more: object) => ({ kind: "task", name, handler: "./do.mjs", output, ...more });
    const input = {
      type: "object",
      properties: { id: { type: "string" }, requestedBy: { type: "string" }, lines: { type: "array", maxItems: 3 } },
      required: ["id", "requestedBy", "lines"],
    };
    const steps = [
      step("look", { effect: "none" }),
      step("pay", { input: { id: { $from: "input.id" } } }),
      {
        kind: "each",
        name: "items",
        items: { $from: "input.lines" },
        as: "line",
        steps: [step("book", { gate: { none: "It is only a test." } })],
      },
      {
        kind: "parallel",
        name: "both",
        branches: {
          left: { steps: [step("one", { effect: "read" })] },
          right: { steps: [{ kind: "wait", name: "rest", for: "1s" }] },
        },
      },
    ];
    const escalations = { desk: { tiers: [{ audience: "clerks", within: "4h" }] } };
    const run = "export const run = async (_, context) => { await act(context); return { n: 1 }; };";
    const act =
      'const act = (context) => context.path.includes("pay") || context.path.includes("book") ? context.action("a", async () => 1) : 0;';
    await own.declare("payer", { input, escalations, steps }, { "do.mjs": `${act}\n${run}` });
    const { typical } = json((await own.holdfast("cost", "payer", "--json")).out);
    const { report } = await own.run("payer", { lines: [{}, {}, {}] });
    const decided = await own.holdfast("decide", report.runId, "--decision", "approve", "--as", "ann", "--json");
    const { status, usage } = json(decided.out);
    const { transitions, invocations, storeWrites } = usage;
    expect({ status, ...counted(typical) }).toEqual({ status: "completed", transitions, invocations, storeWrites });
    const { gigabyteSeconds: _, storeReads: __, ...counts } = json(decided.out).cost.counts;
    expect(counts).toEqual(inAll(typical));
  });

  it.each([
    ["", {}],
    [" and a budget to hold it against", { budget: { usd: 5 } }],
  ])("of a loop is what one takes that calls each of its tools once, with what people approve%s", async (_, more) => {
    const number = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
    const tool = {
      description: "Does.",
      input: number,
      output: number,
      timeout: "5s",
      health: "calls",
      fallback: "none",
    };
    const declared = { ...tool, breaker: { failures: 5, halfOpenAfter: "1s" }, handler: "./do.mjs" };
    const tools = {
      look: { ...declared, effect: "read", idempotency: "natural" },
      pay: { ...declared, effect: "write", idempotency: "keyed" },
    };
    const calls = [
      { name: "look", input: { n: 1 } },
      { name: "pay", input: { n: 2 } },
      { name: "answer", input: { n: 3 } },
    ];
    const replies = calls.map((call, turn) => ({ when: { turn }, toolCalls: [call] }));
    const loop = {
      kind: "reason",
      name: "settle",
      goal: "Settle it.",
      instructions: "Look, then pay.",
      output: number,
      tools: ["look", "pay"],
      models: { first: "scripted/script.json" },
    };
    const escalations = { desk: { tiers: [{ audience: "clerks", within: "4h" }] } };
    const modules = { "do.mjs": "export const run = ({ n }) => ({ n });", "script.json": JSON.stringify({ replies }) };
    await own.declare(
      "looper",
      {
        escalations,
        tools,
        steps: [loop],
        models: { "scripted/script.json": { prices: { input: 1, output: 1 } } },
        ...more,
      },
      modules,
    );
    const { typical } = json((await own.holdfast("cost", "looper", "--json")).out);
    const { report } = await own.run("looper");
    const decided = await own.holdfast("decide", report.runId, "--decision", "approve", "--as", "ann", "--json");
    const { status, usage, cost } = json(decided.out);
    const { transitions, invocations, storeWrites } = usage;
    expect({ status, ...counted(typical) }).toEqual({ status: "completed", transitions, invocations, storeWrites });
    const { gigabyteSeconds: __, storeReads: ___, ...counts } = cost.counts;
    expect(counts).toEqual(inAll(typical));
  });

  it("has what actions spent, also of a step that was not done", async () => {
    const output = { type: "object", properties: {} };
    const spender = {
      kind: "task",
      name: "ask",
      handler: "./ask.mjs",
      effect: "none",
      output,
      retry: "none",
      onFailure: "fail",
    };
    const handler = `export const run = async (_, context) => {
      await context.action("model", async () => 1, { cost: { tokens: 70, usd: 0.25 } });
      if (context.path === "ask") return {};
      throw new TypeError("It is only a test.");
    };`;
    const steps = [spender, { ...spender, name: "again" }];
    await own.declare("spender", { steps }, { "ask.mjs": handler });
    const { report } = await own.run("spender");
    expect(report).toMatchObject({ status: "failed", cost: { tokens: 140, actionsUsd: 0.5 } });
    expect(report.cost.totalUsd).toBe(report.cost.usd + 0.5);
  });

  it("says what it is about, and in what the worst run differs", async () => {
    const { out, code } = await cli.holdfast("cost", "invoice-desk", "--runs", "5");
    expect(code).toBe(0);
    expect(out).toContain(`${PRICES.region} as of ${PRICES.asOf}`);
    expect(out).toMatch(/the worst run {2}0\.7\d* USD/);
  });

  it.each([
    ["an unknown agent", ["cost", "nobody"]],
    ["no runs", ["cost", "invoice-desk", "--runs", "0"]],
    ["time that runs backwards", ["cost", "invoice-desk", "--seconds", "-1"]],
  ])("is refused for %s", async (_, args) => {
    expect((await cli.holdfast(...args)).code).toBe(2);
  });
});

it("every price says where it stands", () => {
  const { asOf, region, ...prices } = PRICES;
  expect(asOf).toMatch(/^\d{4}-\d{2}$/);
  expect(region).toBe("us-east-1");
  expect(Object.keys(PRICE_SOURCES).sort()).toEqual(Object.keys(prices).sort());
});
