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

/** Lets the request of a fixture run until it ends or waits for people. */
async function resolve(name: string) {
  const base = new URL(`${name}.json`, EVENTS);
  const outbox = join(place, name, "outbox");
  const event = JSON.parse(await readFile(base, "utf8"));
  const detail = { ...event.detail, outbox: pathToFileURL(outbox).href };
  const platform = await openLocalPlatform({ dataDir: join(place, name, "data"), agents });
  try {
    const { runId } = await platform.start("support-desk", { ...event, detail }, base.href);
    await platform.settled(runId);
    const { execution, escalations } = await platform.facts(runId);
    const sent = await readdir(outbox).catch((error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? [] : [error],
    );
    const asked = escalations.map(({ kind, step, status }) => ({ kind, step, status }));
    return { status: execution.status, output: execution.output, asked, sent };
  } finally {
    await platform.close();
  }
}

test.each([
  ["question", "answered", "O-1002", "Your order O-1002 has been sent."],
  ["refund-too-late", "declined", "O-2001", "The chair was delivered on 2025-11-02."],
])("%s is resolved without people: %s, with what the tools have found", async (name, outcome, orderId, reply) => {
  expect(await resolve(name)).toEqual({
    status: "SUCCEEDED",
    output: { outcome, orderId, reply: expect.stringMatching(`^${reply}`) },
    asked: [],
    sent: [expect.stringContaining("-reply-")],
  });
});

test.each([
  ["refund", "gate"],
  ["exchange", "gate"],
  ["address", "gate"],
  ["hostile", "failure"],
])("%s waits for people, and nothing is sent meanwhile", async (name, kind) => {
  const asked = [{ kind, step: "resolve", status: "open" }];
  expect(await resolve(name)).toEqual({ status: "RUNNING", output: undefined, asked, sent: [] });
});
