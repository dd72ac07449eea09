import { afterEach, beforeEach, expect, it } from "vitest";
import { commandLine } from "./command-line.ts";
import { project } from "./project.ts";

let cli: Awaited<ReturnType<typeof commandLine>>;
beforeEach(async () => {
  cli = await commandLine();
});
afterEach(() => cli.remove());

const steps = [{ kind: "wait", name: "rest", for: "1s" }];

it("tells what production would refuse, which is no problem here", async () => {
  const { declare, holdfast } = project(cli);
  await declare("desk", { steps, budget: { steps: 5 } });
  const said = await holdfast("check", "desk");
  expect(said.code).toBe(0);
  expect(said.out).toMatch(/^ok {2}desk\n/);
  const told = said.out.split("\n").filter((line) => line.includes("prod would refuse it: "));
  expect(told.map((line) => /refuse it: (\w+)/.exec(line)?.[1])).toEqual([
    "owners",
    "success",
    "escalations",
    "runbook",
  ]);
});

it("tells machines the same", async () => {
  const { declare, holdfast } = project(cli);
  await declare("desk", { steps, runbook: "https://runbooks.example.com" });
  const { ok, missing } = JSON.parse((await holdfast("check", "desk", "--json")).out);
  expect(ok).toBe(true);
  expect(missing.map(({ item }: { item: string }) => item)).toEqual(["owners", "success", "budget", "ladder"]);
});

const thinking = (first: string) => ({
  ...{ kind: "reason", name: "think", goal: "Help.", instructions: "Be brief.", tools: ["look"], models: { first } },
  ...{ output: { type: "object" }, onFailure: "fail" },
});
const look = {
  ...{ description: "Looks.", input: { type: "object" }, output: { type: "object" }, effect: "read" },
  ...{ timeout: "5s", idempotency: "natural", breaker: { failures: 3, halfOpenAfter: "30s" }, health: "calls" },
  ...{ fallback: "none", handler: "./look.js" },
};

it.each([
  ["is missing", undefined, "There is no file desk.yaml beside the agent."],
  ["is no script", "replies: [{ say: Hello. }]", "say"],
])("tells of a script that %s, and nothing is run with it", async (_, script, why) => {
  const { declare, run, holdfast } = project(cli);
  const modules = { "look.js": "", ...(script === undefined ? {} : { "desk.yaml": script }) };
  await declare("desk", { tools: { look }, steps: [thinking("scripted/desk.yaml")] }, modules);
  const said = await holdfast("check", "desk", "--json");
  expect(said.code).toBe(2);
  expect(JSON.parse(said.out).problems).toEqual([
    { code: "script-invalid", path: "steps[0].models.first", message: expect.stringContaining(why) },
  ]);
  expect(await run("desk")).toMatchObject({ code: 2, report: { error: { code: "agent-invalid" } } });
  expect(JSON.parse((await holdfast("runs", "--json")).out)).toEqual([]);
});

it("tells of a module that is missing, and nothing is run without it", async () => {
  const { declare, run, holdfast } = project(cli);
  await declare("desk", { tools: { look }, steps: [thinking("eu.amazon.nova-pro-v1:0")] });
  const said = await holdfast("check", "desk", "--json");
  expect(said.code).toBe(2);
  expect(JSON.parse(said.out).problems).toMatchObject([{ code: "module-missing", path: "tools.look.handler" }]);
  expect(await run("desk")).toMatchObject({ code: 2, report: { error: { code: "agent-invalid" } } });
  expect(JSON.parse((await holdfast("runs", "--json")).out)).toEqual([]);
});

it("has nothing to tell of an agent that is ready, such as invoice-desk", async () => {
  const said = await cli.holdfast("check", "invoice-desk");
  expect(said.code).toBe(0);
  expect(said.out).not.toContain("prod would refuse");
});
