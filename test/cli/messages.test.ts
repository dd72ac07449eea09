import { expect, it } from "vitest";
import { cli, inProject, own } from "./in-project.ts";

inProject();

const escalations = { people: { tiers: [{ audience: "people", within: "4h" }], otherwise: "abort" } };
const task = { kind: "task", name: "go", handler: "./go.mjs", effect: "none", output: { type: "object" } };
const rest = { kind: "wait", name: "rest", for: "1s" };
const fails = 'export const run = async () => { throw new TypeError("no\\n  such\\nthing"); };';
const eventFor = (agent: string) =>
  cli.file(JSON.stringify({ id: "1", source: "test", "detail-type": agent, detail: { id: "a", requestedBy: "zoe" } }));

it("an error in several lines is told in one, as it happens and in the end", async () => {
  await own.declare("desk", { steps: [{ ...task, onFailure: "fail" }] }, { "go.mjs": fails });
  const { out, err } = await own.holdfast("run", "desk", "--event", await eventFor("desk"));
  for (const text of [out, err]) expect(text).toMatch(/ Holdfast\.Permanent .*no such thing$/m);
});

it("attempts are numbered on where people have a step tried again", async () => {
  await own.declare("desk", { escalations, steps: [task] }, { "go.mjs": fails });
  const { report } = await own.run("desk");
  const again = ["decide", report.runId, "--decision", "retry", "--as", "ann"];
  await own.holdfast(...again);
  const { out } = await own.holdfast("show", report.runId);
  expect(out.split("\n").flatMap((line) => /✗ (go.*?) {2}/.exec(line)?.[1] ?? [])).toEqual(["go", "go, attempt 2"]);
});

it("an override without an output is told how to give one", async () => {
  await own.declare("desk", { escalations, steps: [task] }, { "go.mjs": fails });
  const { report } = await own.run("desk");
  const said = await own.holdfast("decide", report.runId, "--decision", "override", "--as", "ann", "--json");
  expect(JSON.parse(said.out).error).toMatchObject({
    ...{ code: "invalid-output", message: expect.stringContaining("--output <file>") },
  });
});

it("agents with one problem have one", async () => {
  await own.declare("desk", { steps: [{ ...rest, for: "soon" }] });
  expect((await own.holdfast("agents")).out).toContain("1 problem: npx holdfast check desk");
});

it.each<[string, object[], string]>([
  ["is misspelt", [{ ...task, onFailure: "fail" }], "desk has no step og that --fault can strike. Allowed: go."],
  ["there is not", [rest], "desk has no step og that --fault can strike. Allowed: nothing."],
])("a fault for a step that %s is told those that there are", async (_, steps, message) => {
  await own.declare("desk", { steps }, { "go.mjs": fails });
  const event = await eventFor("desk");
  const said = await own.holdfast("run", "desk", "--event", event, "--fault", "og:transient", "--json");
  expect(JSON.parse(said.out).error).toMatchObject({ code: "fault-invalid", message });
});

it("an agent without triggers is told to declare one", async () => {
  await own.declare("desk", { steps: [rest], triggers: [] });
  const said = await own.holdfast("run", "desk", "--event", await eventFor("desk"), "--json");
  expect(JSON.parse(said.out).error).toMatchObject({
    code: "event-without-trigger",
    message: "desk has no trigger for test desk. It has none: declare one under triggers.",
  });
});
