import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import { loadAgents } from "../../lib/definition/index.ts";
import { openLocalPlatform } from "../../lib/local/index.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const EVENTS = pathToFileURL(join(PROJECT, "functions/support-desk/fixtures/events/"));
const agents = (await loadAgents(PROJECT)).filter(({ name }) => name === "support-desk");
const place = await mkdtemp(join(tmpdir(), "holdfast-support-"));
afterAll(() => rm(place, { recursive: true, force: true }));

/** The request of a fixture, which runs until it ends or waits for people. */
async function request(name: string) {
  const base = new URL(`${name}.json`, EVENTS);
  const outbox = join(place, name, "outbox");
  const event = JSON.parse(await readFile(base, "utf8"));
  const detail = { ...event.detail, outbox: pathToFileURL(outbox).href };
  const platform = await openLocalPlatform({ dataDir: join(place, name, "data"), agents });
  const { runId } = await platform.start("support-desk", { ...event, detail }, base.href);
  const stand = async () => {
    await platform.settled(runId);
    const { execution, escalations } = await platform.facts(runId);
    const files = await readdir(outbox).catch((error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? [] : [error.message],
    );
    const sent = files.map((file) => file.replace(/^R-\d+-(\w+)-[0-9a-f]{32}\.json$/, "$1"));
    const asked = escalations.map(({ kind, step, status }) => ({ kind, step, status }));
    return { status: execution.status, output: execution.output, asked, sent: sent.sort() };
  };
  const approve = async () => {
    const [open] = (await platform.facts(runId)).escalations;
    if (open === undefined) throw new Error("Nobody is asked.");
    const { id, digest } = open;
    await platform.decide({ id, digest, decision: "approve", note: "" }, { id: "lead", groups: [], from: "a test" });
    return stand();
  };
  return { stand, approve, [Symbol.asyncDispose]: () => platform.close() };
}

test.each([
  ["question", "answered", "O-1002", "Your order O-1002 has been sent."],
  ["refund-too-late", "declined", "O-2001", "The chair was delivered on 2025-11-02."],
])("%s is resolved without people: %s, with what the tools have found", async (name, outcome, orderId, reply) => {
  await using asking = await request(name);
  expect(await asking.stand()).toEqual({
    status: "SUCCEEDED",
    output: { outcome, orderId, reply: expect.stringMatching(`^${reply}`) },
    asked: [],
    sent: ["reply"],
  });
});

test.each([
  ["refund", "refunded", "O-1001"],
  ["exchange", "exchanged", "O-3001"],
  ["address", "address-changed", "O-4001"],
])("%s waits for people, and is made with their approval: %s", async (name, outcome, orderId) => {
  await using asking = await request(name);
  const gate = { kind: "gate", step: "resolve", status: "open" };
  expect(await asking.stand()).toEqual({ status: "RUNNING", output: undefined, asked: [gate], sent: [] });
  expect(await asking.approve()).toEqual({
    status: "SUCCEEDED",
    output: { outcome, orderId, reply: expect.stringMatching(/^[^{}]+$/) },
    asked: [{ ...gate, status: "decided" }],
    sent: [name, "reply"].sort(),
  });
});

test("a text that gives orders comes to people, and nothing is sent", async () => {
  await using asking = await request("hostile");
  const asked = [{ kind: "failure", step: "resolve", status: "open" }];
  expect(await asking.stand()).toEqual({ status: "RUNNING", output: undefined, asked, sent: [] });
});
