import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { commandLine } from "./command-line.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
let root = "";
beforeEach(async () => {
  cli = await commandLine();
  root = join(cli.directory, "project");
});
afterEach(() => cli.remove());

const INPUT = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };

/** Adds an agent to the project of this test. */
async function declare(name: string, more: Record<string, unknown>) {
  const folder = join(root, "functions", name);
  await mkdir(folder, { recursive: true });
  const triggers = [{ source: "test", detailType: name, dedupeBy: "id" }];
  const document = { holdfast: 1, name, purpose: "To be tested.", input: INPUT, triggers, ...more };
  await writeFile(join(folder, "agent.json"), JSON.stringify(document));
}

const approval = { kind: "approval", name: "ask", ladder: "people", request: { id: { $from: "input.id" } } };
const people = (...within: string[]) => ({
  people: { tiers: within.map((time, index) => ({ audience: `tier-${index + 1}`, within: time })), otherwise: "abort" },
});

async function run(agent: string) {
  const event = { id: "1", source: "test", "detail-type": agent, detail: { id: "a" } };
  const said = await cli.holdfast(
    "--root",
    root,
    "run",
    agent,
    "--event",
    await cli.file(JSON.stringify(event)),
    "--json",
  );
  return { code: said.code, report: JSON.parse(said.out) };
}

describe("a run that waits for people", () => {
  it("says so at once, however soon their time is up", async () => {
    await declare("asking", { escalations: people("20s"), steps: [approval] });
    const { code, report } = await run("asking");
    expect(code).toBe(3);
    expect(report).toMatchObject({
      status: "waiting",
      escalations: [{ audience: "tier-1", decisions: ["approve", "reject"] }],
    });
  });

  it("goes on to the next tier, and ends as the ladder says, when nobody answers", async () => {
    await declare("asking", { escalations: people("4s", "4s"), steps: [approval] });
    const { report } = await run("asking");
    const resume = async () => {
      await new Promise((resolve) => setTimeout(resolve, 4_200));
      return JSON.parse((await cli.holdfast("--root", root, "resume", "--json")).out);
    };
    expect(await resume()).toMatchObject([{ runId: report.runId, status: "waiting", escalations: [{ tier: 2 }] }]);
    await resume();
    const shown = JSON.parse((await cli.holdfast("--root", root, "show", report.runId, "--json")).out);
    expect(shown).toMatchObject({ status: "failed", error: { code: "asked" }, escalations: [] });
  });

  it("in a subflow says so as its parent, and both end with the decision", async () => {
    await declare("child", { escalations: people("4h"), steps: [approval] });
    const output = { type: "object", properties: { by: { type: "string" } }, required: ["by"] };
    const subflow = {
      kind: "subflow",
      name: "ask-child",
      agent: "child",
      input: { id: { $from: "input.id" } },
      output,
      onFailure: "fail",
    };
    await declare("parent", { steps: [subflow] });
    const { code, report } = await run("parent");
    expect(code).toBe(3);
    expect(report).toMatchObject({ agent: "parent", status: "waiting", escalations: [{ step: "ask" }] });
    const decided = await cli.holdfast(
      "--root",
      root,
      "decide",
      report.escalations[0].id,
      "--decision",
      "approve",
      "--as",
      "ann",
      "--json",
    );
    expect(JSON.parse(decided.out)).toMatchObject({ agent: "child", status: "completed" });
    const shown = JSON.parse((await cli.holdfast("--root", root, "show", report.runId, "--json")).out);
    expect(shown).toMatchObject({ agent: "parent", status: "completed", output: { decision: "approve", by: "ann" } });
  });
});
