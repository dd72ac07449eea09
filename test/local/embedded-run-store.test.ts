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
    expect(await after.usage("desk-1")).toEqual({ writes: 2, reads: 1 });
  });
});
