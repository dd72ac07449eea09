import { describe, expect, it } from "vitest";
import { inProject, own } from "./in-project.ts";

inProject();

const approval = { kind: "approval", name: "ask", ladder: "people", request: { id: { $from: "input.id" } } };
const people = (...within: string[]) => ({
  people: { tiers: within.map((time, index) => ({ audience: `tier-${index + 1}`, within: time })), otherwise: "abort" },
});

describe("a run that waits for people", () => {
  it("says so at once, however soon their time is up", async () => {
    await own.declare("asking", { escalations: people("20s"), steps: [approval] });
    const { code, report } = await own.run("asking");
    expect(code).toBe(3);
    expect(report).toMatchObject({
      status: "waiting",
      escalations: [{ audience: "tier-1", decisions: ["approve", "reject"] }],
    });
  });

  it("goes on to the next tier, and ends as the ladder says, when nobody answers", async () => {
    await own.declare("asking", { escalations: people("4s", "4s"), steps: [approval] });
    const { report } = await own.run("asking");
    const resume = async () => {
      await new Promise((resolve) => setTimeout(resolve, 4_200));
      return JSON.parse((await own.holdfast("resume", "--json")).out);
    };
    expect(await resume()).toMatchObject([{ runId: report.runId, status: "waiting", escalations: [{ tier: 2 }] }]);
    await resume();
    const shown = JSON.parse((await own.holdfast("show", report.runId, "--json")).out);
    expect(shown).toMatchObject({ status: "failed", error: { code: "asked" }, escalations: [] });
  });

  it("in a subflow says so as its parent, and both end with the decision", async () => {
    await own.declare("child", { escalations: people("4h"), steps: [approval] });
    const output = { type: "object", properties: { by: { type: "string" } }, required: ["by"] };
    const subflow = {
      kind: "subflow",
      name: "ask-child",
      agent: "child",
      input: { id: { $from: "input.id" }, requestedBy: { $from: "input.requestedBy" } },
      output,
      onFailure: "fail",
    };
    await own.declare("parent", { steps: [subflow] });
    const { code, report } = await own.run("parent");
    expect(code).toBe(3);
    expect(report).toMatchObject({ agent: "parent", status: "waiting", escalations: [{ step: "ask" }] });
    const decided = await own.holdfast(
      "decide",
      report.escalations[0].id,
      "--decision",
      "approve",
      "--as",
      "ann",
      "--json",
    );
    expect(JSON.parse(decided.out)).toMatchObject({ agent: "child", status: "completed" });
    const shown = JSON.parse((await own.holdfast("show", report.runId, "--json")).out);
    expect(shown).toMatchObject({ agent: "parent", status: "completed", output: { decision: "approve", by: "ann" } });
  });
});
