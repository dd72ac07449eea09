import { describe, expect, it } from "vitest";
import { inProject, own } from "./in-project.ts";

inProject();

const THINK = `export const run = async ({ questions }, { action }) => {
  for (let index = 0; index < questions; index += 1) {
    await action("ask-" + index, async () => index, { cost: { tokens: 40 }, actualCost: () => ({ tokens: 30 }) });
  }
  return { asked: questions };
};
`;
const schema = (name: string) => ({ type: "object", properties: { [name]: { type: "integer" } }, required: [name] });
const think = {
  kind: "task",
  name: "think",
  handler: "./think.js",
  effect: "none",
  input: { questions: { $from: "input.questions" } },
  output: schema("asked"),
};

async function runThinker(questions: number, more: Record<string, unknown>) {
  const escalations = { owners: { tiers: [{ audience: "owners", within: "1h" }] } };
  const declared = { input: schema("questions"), escalations, steps: [think], ...more };
  const triggers = [{ source: "test", detailType: "thinker", dedupeBy: "questions" }];
  await own.declare("thinker", { ...declared, triggers }, { "think.js": THINK });
  return own.run("thinker", { questions });
}

const decide = (runId: string, ...args: string[]) => own.holdfast("decide", runId, "--as", "owner", ...args, "--json");

describe("a budget of tokens", () => {
  it("stops the run where it may be exceeded; a person raises it, and the step goes on where it was", async () => {
    const { code, report } = await runThinker(4, { budget: { tokens: 100 } });
    expect(code).toBe(3);
    expect(report.escalations).toMatchObject([{ step: "think", decisions: ["raise", "retry", "override", "abort"] }]);
    const raised = await decide(report.runId, "--decision", "raise", "--raise", "tokens=30,usd=1");
    expect(raised.code).toBe(0);
    expect(JSON.parse(raised.out)).toMatchObject({ status: "completed", output: { asked: 4 } });
  });

  it.each([
    ["without amounts", [], "not-allowed"],
    ["of nothing that there is", ["--raise", "euro=5"], "raise-invalid"],
    ["below nothing", ["--raise", "tokens=-5"], "raise-invalid"],
    ["of parts of a token", ["--raise", "tokens=0.5"], "raise-invalid"],
    ["given twice", ["--raise", "tokens=5,tokens=6"], "raise-invalid"],
    ["of an impossible time", ["--raise", "wallClock=12"], "raise-invalid"],
  ])("is not raised by a raise %s", async (_, args, code) => {
    const { report } = await runThinker(4, { budget: { tokens: 100 } });
    const said = await decide(report.runId, "--decision", "raise", ...args);
    expect(said.code).toBe(2);
    expect(JSON.parse(said.out)).toMatchObject({ error: { code } });
  });
});

describe("a budget of steps", () => {
  const twice = {
    steps: [think, { ...think, name: "think-again" }],
    output: { asked: { $from: "think-again.asked" } },
  };

  it("is asked for only where a run can pass it", async () => {
    const { code, report } = await runThinker(1, { ...twice, budget: { steps: 2 } });
    expect({ code, output: report.output }).toEqual({ code: 0, output: { asked: 1 } });
  });

  it("stops the run at the step that would pass it, until a person raises it", async () => {
    const { code, report } = await runThinker(1, { ...twice, budget: { steps: 1 } });
    expect(code).toBe(3);
    expect(report.escalations).toMatchObject([{ step: "think-again" }]);
    const raised = await decide(report.runId, "--decision", "raise", "--raise", "steps=1");
    expect(JSON.parse(raised.out)).toMatchObject({ status: "completed", output: { asked: 1 } });
  });
});

describe("a budget of time", () => {
  it("stops the run at the step that would begin after it", async () => {
    const wait = { kind: "wait", name: "rest", for: "2s" };
    const { code, report } = await runThinker(1, { steps: [wait, think], budget: { wallClock: "1s" } });
    expect(code).toBe(3);
    const raised = await decide(report.runId, "--decision", "raise", "--raise", "wallClock=1h");
    expect(JSON.parse(raised.out)).toMatchObject({ status: "completed", output: { asked: 1 } });
  });
});
