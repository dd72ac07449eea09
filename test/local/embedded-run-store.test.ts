import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { MemoryLevel } from "memory-level";
import { afterAll, describe, expect, it } from "vitest";
import { EmbeddedRunStore } from "../../lib/local/embedded-run-store.ts";
import { runStoreConformance } from "../conformance/run-store.ts";

runStoreConformance(
  "the embedded store in memory",
  async () => new EmbeddedRunStore(new MemoryLevel<string, string>()),
);

const directory = await mkdtemp(join(tmpdir(), "holdfast-store-"));
const disk = new ClassicLevel<string, string>(directory);
afterAll(async () => {
  await disk.close();
  await rm(directory, { recursive: true });
});
runStoreConformance("the embedded store on disk", async () => new EmbeddedRunStore(disk));

describe("the embedded store", () => {
  it("counts the writes and reads of a run, over restarts", async () => {
    const database = new MemoryLevel<string, string>();
    const before = new EmbeddedRunStore(database);
    await before.put({ pk: "RUN#desk-1", sk: "RUN" });
    await before.get({ pk: "RUN#desk-1", sk: "RUN" });
    await before.put({ pk: "RUN#desk-1", sk: "STEP#a#1" });
    const after = new EmbeddedRunStore(database);
    expect(await after.usage("desk-1")).toEqual({ writes: 2, reads: 1, indexWrites: 0 });
  });

  it("counts what DynamoDB's indexes would write: one to begin with, two for another place, one for what is shown, else none", async () => {
    const store = new EmbeddedRunStore(new MemoryLevel<string, string>());
    const key = { pk: "RUN#desk-1", sk: "RUN" };
    const writes = async () => (await store.usage("desk-1")).indexWrites;
    await store.put({ ...key, agentStatus: "desk#running", startedAt: "2026-01-01T00:00:00.000Z", status: "running" });
    expect(await writes()).toBe(1);
    await store.update(key, { set: { agentStatus: "desk#waiting", status: "waiting" } }, { kind: "matches" });
    expect(await writes()).toBe(3);
    await store.update(key, { set: { updatedAt: "2026-01-01T00:00:01.000Z" } }, { kind: "matches" });
    expect(await writes()).toBe(4);
    await store.update(key, { add: { tokensSpent: 5 } }, { kind: "matches" });
    expect(await writes()).toBe(4);
    await store.update(key, { set: { status: "failed" } }, { kind: "matches", attributes: { status: "running" } });
    expect(await store.usage("desk-1")).toEqual({ writes: 5, reads: 0, indexWrites: 4 });
  });

  it("counts nothing for who only looks on", async () => {
    const database = new MemoryLevel<string, string>();
    const key = { pk: "RUN#desk-1", sk: "RUN" };
    const store = new EmbeddedRunStore(database);
    await store.put(key);
    const onlooker = new EmbeddedRunStore(database, false);
    expect(await onlooker.get(key)).toEqual(key);
    await onlooker.query("RUN#desk-1", "");
    await store.put({ ...key, sk: "STEP#a#1" });
    expect(await store.usage("desk-1")).toEqual({ writes: 2, reads: 0, indexWrites: 0 });
  });

  it("counts what people are asked about a run as the run's, and nothing of other runs", async () => {
    const database = new MemoryLevel<string, string>();
    const before = new EmbeddedRunStore(database);
    await before.put({ pk: "RUN#desk-1", sk: "RUN" });
    await before.query("PEOPLE#desk-1", "ESCALATION#");
    await before.put({ pk: "PEOPLE#desk-1", sk: "ESCALATION#1" });
    await before.put({ pk: "PEOPLE#desk-11", sk: "ESCALATION#1" });
    const after = new EmbeddedRunStore(database);
    expect(await after.usage("desk-1")).toEqual({ writes: 2, reads: 1, indexWrites: 0 });
    expect(await after.usage("desk-2")).toEqual({ writes: 0, reads: 0, indexWrites: 0 });
  });

  it("goes on with a store of the time before escalations were listed", async () => {
    const database = new MemoryLevel<string, string>();
    const key = { pk: "RUN#desk-1", sk: "RUN" };
    const run = { ...key, status: "running", agentStatus: "desk#running", startedAt: "2026-01-01T00:00:00.000Z" };
    await database.sublevel<string, object>("items", { valueEncoding: "json" }).put("RUN#desk-1\u0000RUN", run);
    const entry = "desk#running\u00002026-01-01T00:00:00.000Z\u0000RUN#desk-1";
    await database.sublevel("runs-index", {}).put(entry, "RUN#desk-1\u0000RUN");
    const store = new EmbeddedRunStore(database);
    const list = (status: string) => store.runs({ agent: "desk", status, limit: 10 });
    expect(await list("running")).toEqual([run]);
    const closed = { status: "completed", agentStatus: "desk#completed" };
    await store.update(key, { set: closed }, { kind: "matches" });
    expect(await list("running")).toEqual([]);
    expect(await list("completed")).toEqual([{ ...run, ...closed }]);
  });
});
