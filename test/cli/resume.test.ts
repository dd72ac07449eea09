import { describe, expect, it } from "vitest";
import { holdfast } from "../e2e/killable.ts";
import { cli, inProject, own } from "./in-project.ts";

inProject();

const escalations = { people: { tiers: [{ audience: "people", within: "4h" }], otherwise: "abort" } };
const approval = { kind: "approval", name: "ask", ladder: "people", request: { id: { $from: "input.id" } } };
const task = { kind: "task", name: "go", handler: "./go.mjs", effect: "none", output: { type: "object" } };
const permanent = 'export const run = async () => { throw new TypeError("no\\nsuch thing"); };';

describe("holdfast resume", () => {
  it("tells of a run what the process before would have told, under the run's id", async () => {
    await own.declare("desk", { escalations, steps: [task] }, { "go.mjs": permanent });
    const event = { id: "1", source: "test", "detail-type": "desk", detail: { id: "a", requestedBy: "zoe" } };
    const file = await cli.file(JSON.stringify(event));
    const started = await holdfast(cli.dataDir, [
      "--root",
      own.root,
      "run",
      "desk",
      "--event",
      file,
      "--fault",
      "go:kill",
    ]);
    expect(started).toMatchObject({ killed: true });
    const { code, out, err } = await own.holdfast("resume");
    const [runId = ""] = out.split(" ");
    expect(err).toMatch(
      new RegExp(`^ {2}${runId}\n {2}✗ go +Holdfast\\.Permanent .*no such thing\n {2}… .*waits for an answer$`),
    );
    expect(code).toBe(3);
  });

  it("ends as the worst of its runs: 1 where one failed, else 3 where one waits for people, else 0", async () => {
    await own.declare("asking", { escalations, steps: [approval] });
    const { report } = await own.run("asking");
    expect((await own.holdfast("resume")).code).toBe(3);
    await own.holdfast("decide", report.runId, "--decision", "approve", "--as", "ann");
    expect(await own.holdfast("resume")).toMatchObject({ code: 0, out: "No run is open." });
  });
});
