import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClassicLevel } from "classic-level";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LogLine } from "../../../lib/contract/index.ts";
import type { Database } from "../../../lib/local/index.ts";
import { LocalLogs } from "../../../lib/local/logs/index.ts";

let directory = "";
let database: Database;
const open = async () => {
  database = new ClassicLevel<string, string>(join(directory, "store"));
  await database.open();
};
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "holdfast-logs-"));
  await open();
});
afterEach(async () => {
  await database.close();
  await rm(directory, { recursive: true, force: true });
});

const at = (second: number) => new Date(Date.parse("2026-01-01T00:00:00Z") + second * 1_000).toISOString();
const line = (message: string, more: Partial<LogLine> = {}): string =>
  JSON.stringify({ level: "INFO", timestamp: at(0), message, correlation_id: "desk-1", ...more });
const messages = async (logs: LocalLogs, ...query: Parameters<LocalLogs["read"]>) =>
  (await logs.read(...query)).map(({ message }) => message);

describe("the log of a run", () => {
  it("has its own lines, in the order of their times, and those of the same time in the order of writing", async () => {
    const logs = new LocalLogs(database);
    logs.write(line("late", { timestamp: at(9) }));
    for (let index = 0; index < 12; index += 1) logs.write(line(`same ${index}`));
    logs.write(line("another's", { correlation_id: "desk-11" }));
    logs.write(JSON.stringify({ level: "INFO", timestamp: at(0), message: "nobody's" }));
    const same = Array.from({ length: 12 }, (_, index) => `same ${index}`);
    expect(await messages(logs, "desk-1")).toEqual([...same, "late"]);
    expect(await messages(logs, "desk-11")).toEqual(["another's"]);
    expect(await messages(logs, "desk-2")).toEqual([]);
  });

  it("is asked for from a time on, and from a level up", async () => {
    const logs = new LocalLogs(database);
    for (const [second, level] of (["DEBUG", "INFO", "WARN", "ERROR"] as const).entries()) {
      logs.write(line(level, { level, timestamp: at(second) }));
    }
    expect(await messages(logs, "desk-1", { since: at(1) })).toEqual(["INFO", "WARN", "ERROR"]);
    expect(await messages(logs, "desk-1", { level: "WARN" })).toEqual(["WARN", "ERROR"]);
    expect(await messages(logs, "desk-1", { since: at(3), level: "INFO" })).toEqual(["ERROR"]);
  });

  it("is there in the next process", async () => {
    const logs = new LocalLogs(database);
    logs.write(line("before"));
    await logs.settled();
    await database.close();
    await open();
    const again = new LocalLogs(database);
    again.write(line("after", { timestamp: at(1) }));
    expect(await messages(again, "desk-1")).toEqual(["before", "after"]);
  });

  it("loses its oldest lines where there are too many, says how many, and remembers", async () => {
    const logs = new LocalLogs(database, 100);
    for (let index = 0; index < 1_000; index += 1) {
      logs.write(line(`line ${index}`, { timestamp: at(index) }));
      if (index % 7 === 0) await logs.settled();
    }
    const [gap = "", ...rest] = await messages(logs, "desk-1");
    expect(gap).toBe(`Lines of this run that are not kept: ${1_000 - rest.length}. The last 100 are.`);
    expect(rest.length).toBeGreaterThanOrEqual(100);
    expect(rest.length).toBeLessThan(120);
    expect(rest.at(-1)).toBe("line 999");
    expect(await messages(new LocalLogs(database, 100), "desk-1")).toEqual([gap, ...rest]);
  });

  it("says how many lines the disk refused, and nobody fails for it", async () => {
    const logs = new LocalLogs(failingOnce(database));
    logs.write(line("refused"));
    await logs.settled();
    logs.write(line("kept"));
    expect(await messages(logs, "desk-1")).toEqual([
      "Lines of this run that are not kept: 1. The last 10000 are.",
      "kept",
    ]);
  });
});

/** A database whose first batch fails. */
const failingOnce = (database: Database): Database => {
  let isFirst = true;
  return new Proxy(database, {
    get(target, name) {
      if (name === "batch" && isFirst) {
        isFirst = false;
        return () => Promise.reject(new Error("No space left."));
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
};
