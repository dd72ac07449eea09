import { describe, expect, it } from "vitest";
import { PRICE_SOURCES, PRICES } from "../../lib/compiler/index.ts";
import { cli, own } from "./in-project.ts";

const json = (text: string) => JSON.parse(text);
const counted = ({ machine, platform }: Record<"machine" | "platform", Record<string, number>>) => ({
  transitions: machine.transitions,
  invocations: machine.invocations,
  storeWrites: Number(machine.storeWrites) + Number(platform.storeWrites),
});

describe("an estimate before any run", () => {
  it("of invoice-desk is what a clean invoice takes", async () => {
    const { typical, month } = json((await cli.holdfast("cost", "invoice-desk", "--json")).out);
    const run = await cli.holdfast("run", "invoice-desk", "--event", await cli.event("clean"), "--json");
    const { transitions, invocations, storeWrites } = json(run.out).usage;
    expect(counted(typical)).toEqual({ transitions, invocations, storeWrites });
    expect(month).toMatchObject({ runs: 10_000, typicalUsd: typical.usd * 10_000 });
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
