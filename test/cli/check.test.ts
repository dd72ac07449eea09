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

it("has nothing to tell of an agent that is ready, such as invoice-desk", async () => {
  const said = await cli.holdfast("check", "invoice-desk");
  expect(said.code).toBe(0);
  expect(said.out).not.toContain("prod would refuse");
});
