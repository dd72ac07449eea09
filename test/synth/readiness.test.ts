import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PLATFORM_STACK } from "../../lib/contract/index.ts";
import { type LoadedAgent, loadAgents } from "../../lib/definition/index.ts";
import { createApp } from "../../lib/infra/index.ts";
import { cdkContext, PROJECT } from "./synthesise.ts";

const ALARMS = { alarmEmail: "oncall@example.com" };
let outdir = "";
let desk: LoadedAgent | undefined;
beforeAll(async () => {
  outdir = await mkdtemp(join(tmpdir(), "holdfast-ready-"));
  desk = (await loadAgents(PROJECT)).find(({ name }) => name === "invoice-desk");
});
afterAll(() => rm(outdir, { recursive: true, force: true }));

/** The app of invoice-desk, without some of what it declares. */
function app(stage: string, without: Record<string, unknown> = {}, context: Record<string, string> = ALARMS) {
  if (desk === undefined) throw new RangeError("There is no invoice-desk.");
  const agent = { ...desk, document: { ...desk.document, ...without } };
  return createApp([agent], { outdir, context: { ...cdkContext(), stage, ...context } });
}

test("prod takes an agent that says everything, and alarms that go somewhere", async () => {
  await expect(app("prod")).resolves.toBeDefined();
});

test.each([
  ["owners", { owners: undefined }, "owners: name who"],
  ["two owners", { owners: { business: "a@example.com", service: "a@example.com" } }, "owners: business and service"],
  ["a success metric", { success: [] }, "success: name a metric"],
  ["a budget", { budget: {} }, "budget: limit"],
  ["a ladder with a tier", { escalations: {} }, "escalations: declare a ladder"],
  ["a runbook", { runbook: undefined }, "runbook: give"],
])("prod refuses an agent without %s", async (_, without, named) => {
  const refused = app("prod", without);
  await expect(refused).rejects.toMatchObject({ code: "not-ready" });
  await expect(refused).rejects.toThrow(`1 of what it asks for is missing:\n- invoice-desk: ${named}`);
});

test("prod refuses alarms that go nowhere", async () => {
  await expect(app("prod", {}, {})).rejects.toThrow("1 of what it asks for is missing:\n- alarms: say where they go");
});

test("everything missing is named at once", async () => {
  const none = { owners: undefined, success: [], budget: {}, escalations: {}, runbook: undefined };
  await expect(app("prod", none, {})).rejects.toThrow("6 of what it asks for are missing");
});

test("dev takes the same, and says so", async () => {
  const created = await app("dev", { owners: undefined }, {});
  const told = created.node.findChild(PLATFORM_STACK).node.metadata.filter(({ type }) => type === "aws:cdk:info");
  expect(told.map(({ data }) => data)).toEqual([
    expect.stringMatching(
      /Stage prod would be refused:\n- alarms: say where they go.*\n- invoice-desk: owners: name who/,
    ),
  ]);
});
