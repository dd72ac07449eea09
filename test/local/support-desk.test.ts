import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { Json } from "../../lib/contract/index.ts";
import { loadAgents } from "../../lib/definition/index.ts";
import { openLocalPlatform } from "../../lib/local/index.ts";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const FIXTURES = join(PROJECT, "functions/support-desk/fixtures");
const agents = (await loadAgents(PROJECT)).filter(({ name }) => name === "support-desk");
const place = await mkdtemp(join(tmpdir(), "support-desk-"));
afterAll(() => rm(place, { recursive: true, force: true }));

async function run(name: string) {
  const base = pathToFileURL(join(FIXTURES, "events", `${name}.json`)).href;
  const event: Json = JSON.parse(await readFile(new URL(base), "utf8"));
  const platform = await openLocalPlatform({ dataDir: join(place, name), agents });
  try {
    const { runId } = await platform.start("support-desk", event, base);
    await platform.settled(runId);
    return await platform.facts(runId);
  } finally { await platform.close(); }
}

test.each(["question","refund-too-late","refund","exchange","address","hostile"])("%s", async (name) => {
  const facts = await run(name);
  console.log(name, facts.execution.status, facts.execution.output ?? facts.execution.cause, JSON.stringify(facts.escalations.map(({kind,step,errorClass,status})=>({kind,step,errorClass,status})), null, 0).slice(0,600));
});
