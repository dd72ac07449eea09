import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { whyOf } from "../../lib/cli/report/why/why.ts";
import type { JsonObject } from "../../lib/contract/index.ts";
import { type LoadedAgent, loadAgents } from "../../lib/definition/index.ts";
import { type LocalPlatform, openLocalPlatform } from "../../lib/local/index.ts";
import type { Measurement } from "../../lib/ports/index.ts";
import { FAULTS, type FaultCase, task } from "./fault-cases.ts";

const INPUT = { type: "object", properties: { id: { type: "string" } }, required: ["id"] };
const nameOf = (index: number) => `fault-${index}`;

let directory: string;
let platform: LocalPlatform;
let agents: readonly LoadedAgent[];
const measured: Measurement[] = [];
const runs = new Map<FaultCase, string>();

async function declare(name: string, document: Record<string, unknown>, handlers: Record<string, string>) {
  const folder = join(directory, "functions", name);
  await mkdir(folder, { recursive: true });
  const escalations = { desk: { tiers: [{ audience: "clerks", within: "4h" }] } };
  const triggers = [{ source: "test", detailType: name, dedupeBy: "id" }];
  const about = { holdfast: 1, name, purpose: "To fail.", input: INPUT, triggers, escalations };
  await writeFile(join(folder, "agent.json"), JSON.stringify({ ...about, ...document }));
  for (const [file, body] of Object.entries(handlers)) {
    await writeFile(join(folder, file), `export const run = async (input, context) => { ${body} };`);
  }
}

const start = (name: string, detail: JsonObject) =>
  platform.start(name, { id: "1", source: "test", "detail-type": name, detail }, pathToFileURL(`${directory}/`).href);

async function why({ runId, step }: { runId: string; step?: string }, name: string) {
  const agent = agents.find((each) => each.name === name);
  if (agent === undefined) throw new Error(`There is no agent ${name}.`);
  const facts = await platform.facts(runId);
  return { facts, why: whyOf(facts, agent.document, { isElsewhere: true, step }) };
}

async function decide(runId: string, decision: string): Promise<void> {
  const asked = await vi.waitFor(async () => {
    const [open] = (await platform.facts(runId)).escalations;
    if (open === undefined) throw new Error("Nobody is asked yet.");
    return open;
  }, POLL);
  const ann = { id: "ann", groups: [], from: "a test" };
  await platform.decide({ id: asked.id, decision, digest: asked.digest, note: "" }, ann);
}

const POLL = { interval: 50, timeout: 20_000 };

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-why-"));
  for (const [index, { agent = {}, work = {}, handler }] of FAULTS.entries()) {
    const fine = "return { n: 1 };";
    const undo = 'throw Object.assign(new Error("It is closed."), { name: "Holdfast.Permanent" });';
    const handlers = { "work.mjs": handler, "first.mjs": fine, "undo.mjs": undo };
    await declare(nameOf(index), { steps: [task("work", work)], ...agent }, handlers);
  }
  const broken = 'throw Object.assign(new Error("It is broken."), { name: "Holdfast.Permanent" });';
  await declare("broken-part", { steps: [task("work", { onFailure: "fail" })] }, { "work.mjs": broken });
  const retried = { preset: "none", transient: { retries: 2, interval: "1s", maxDelay: "1s" } };
  const shaky = `if (context.attempt < 2) ${"throw Object.assign(new Error('down'), { $metadata: { httpStatusCode: 503 } });"} return { n: 1 };`;
  const steps = [task("work", { retry: retried }), task("spare", { onFailure: { continueWith: { n: 0 } } })];
  await declare("survivor", { steps }, { "work.mjs": shaky, "spare.mjs": broken });
  agents = await loadAgents(directory);
  const metrics = { record: (measurement: Measurement) => void measured.push(measurement) };
  platform = await openLocalPlatform({ dataDir: join(directory, "data"), agents, metrics });
  await Promise.all(
    FAULTS.map(async (fault, index) => {
      const { runId } = await start(nameOf(index), { id: "a", ...fault.detail });
      runs.set(fault, runId);
      if (fault.decide !== undefined) await decide(runId, fault.decide);
    }),
  );
}, 60_000);

afterAll(async () => {
  await platform?.close();
  await rm(directory, { recursive: true });
});

describe.each(FAULTS.map((fault, index) => ({ index, ...fault, key: fault })))("why, of $fault", (each) => {
  const { key, index, says, record = { kind: "failure" } } = each;
  const { step = "work", path = "work", message } = says;
  const found = async () => {
    const runId = runs.get(key) ?? "";
    await expect.poll(async () => (await why({ runId }, nameOf(index))).why.next.kind, POLL).toBe(says.next);
    return why({ runId }, nameOf(index));
  };

  it("says what failed and what to do", async () => {
    const { cause, act, status, tried } = (await found()).why;
    expect(status).toBe(says.status ?? "waiting");
    const { class: name, code, attempt = 1 } = says;
    expect(cause).toMatchObject({ class: name, code, step, path, attempt });
    expect(cause?.message).toContain(message);
    expect(act[0]?.command).toMatch(says.act);
    if (cause !== null && cause.attempt > 0)
      expect(tried.filter(({ error }) => error !== null)).toHaveLength(cause.attempt);
  });

  it("is in the decisions of the run", async () => {
    const { facts } = await found();
    const { kind, class: name = says.class } = record;
    expect(facts.record?.decisions).toContainEqual(
      expect.objectContaining({ kind, path, reason: expect.objectContaining({ class: name }) }),
    );
  });

  it("is measured", async () => {
    await found();
    const agent = each.measuredOf ?? nameOf(index);
    const { measured: expected = { errorClass: says.class } } = each;
    const key = "outcome" in expected ? "runsEnded" : "stepFailures";
    expect(measured).toContainEqual(
      expect.objectContaining({ agent, ...expected, values: expect.objectContaining({ [key]: 1 }) }),
    );
  });
});

describe("why, of a run in which nothing is wrong any more", () => {
  it("says what it survived", async () => {
    const { runId } = await start("survivor", { id: "a" });
    await expect.poll(async () => (await why({ runId }, "survivor")).why.status, POLL).toBe("completed");
    const told = (await why({ runId }, "survivor")).why;
    expect(told).toMatchObject({ cause: null, act: [], next: { kind: "nothing" } });
    expect(told.survived).toEqual([
      { path: "work", how: "retried", attempts: 2, classes: ["Holdfast.Transient"] },
      { path: "spare", how: "stood in for", attempts: 1, classes: ["Holdfast.Permanent"] },
    ]);
    const ofStep = (await why({ runId, step: "spare" }, "survivor")).why;
    expect(ofStep.cause).toMatchObject({ class: "Holdfast.Permanent", path: "spare", attempt: 1 });
  });
});
