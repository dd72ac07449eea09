import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pc from "picocolors";
import { describe, expect, it } from "vitest";
import { fromNow, moments, span } from "../../lib/cli/moments.ts";
import { printRun } from "../../lib/cli/print-run.ts";
import { printTrace } from "../../lib/cli/print-trace.ts";
import { printWhy } from "../../lib/cli/print-why.ts";
import { runReport } from "../../lib/cli/report/run-report.ts";
import { waterfall } from "../../lib/cli/report/waterfall.ts";
import { whyOf } from "../../lib/cli/report/why/why.ts";
import { parseSince } from "../../lib/cli/since.ts";
import { table } from "../../lib/cli/table.ts";
import { cut, textWidth, wrapped } from "../../lib/cli/text-width.ts";
import type { SegmentDocument } from "../../lib/contract/index.ts";
import { task } from "./fault-cases.ts";
import { inProject, own } from "./in-project.ts";
import { asked, declared, facts, history, lost } from "./why-facts.ts";

inProject();

const json = (text: string) => JSON.parse(text);
const OUTPUT = { type: "object", properties: {} };
const step = (name: string, more: object = {}) => ({
  ...{ kind: "task", name, handler: `./${name}.mjs`, effect: "none", output: OUTPUT, retry: "none", onFailure: "fail" },
  ...more,
});
const FINE = "export const run = async (_, { log }) => { log.info('looked', { found: 3 }); return {}; };";
const BROKEN = "export const run = async () => { throw new TypeError('apiKey=sk_live_0123456789abcdef is refused'); };";

describe("holdfast runs", () => {
  it("lists what started since a time, without loading any agent's module", async () => {
    await own.declare("looker", { steps: [step("look")] }, { "look.mjs": FINE });
    const { report } = await own.run("looker");
    await mkdir(join(own.root, "functions", "broken"), { recursive: true });
    await writeFile(join(own.root, "functions", "broken", "agent.ts"), 'throw new Error("It was loaded.");');
    const listed = async (...args: string[]) =>
      json((await own.holdfast("runs", "--json", ...args)).out).map(({ runId }: { runId: string }) => runId);
    expect(await listed("--since", "1h")).toEqual([report.runId]);
    expect(await listed("--since", "2999-01-01")).toEqual([]);
    expect(await listed("--agent", "broken", "--since", "7d")).toEqual([]);
    const { out, err } = await own.holdfast("runs");
    expect({ out, err }).toEqual({ out: expect.stringContaining(report.runId), err: "" });
  });

  it.each([
    ["an agent that there is not", ["--agent", "nobody"], "unknown-agent"],
    ["a time that is none", ["--since", "yesterday"], "since-invalid"],
    ["a status that there is not", ["--status", "happy"], "status-unknown"],
  ])("refuses %s", async (_, args, code) => {
    const said = await own.holdfast("runs", ...args, "--json");
    expect([said.code, json(said.out).error.code]).toEqual([2, code]);
  });
});

describe("a run on a terminal", () => {
  it("is shown with its attempts, what it has cost and how it ended; and why says what to do", async () => {
    const retry = { preset: "none", transient: { retries: 1, interval: "1s", maxDelay: "1s" } };
    const steps = [step("look"), step("work", { retry }), step("never")];
    await own.declare("looker", { steps }, { "look.mjs": FINE, "work.mjs": BROKEN, "never.mjs": FINE });
    const { report } = await own.run("looker");
    const shown = (await own.holdfast("show", report.runId)).out;
    expect(shown).toMatch(/✓ look +\d+ ms/);
    expect(shown).toMatch(/✗ work +\d+ ms +Holdfast\.Permanent/);
    expect(shown).toMatch(/USD by list price\n +\d+ transitions/);
    const { out, code } = await own.holdfast("why", report.runId);
    expect(code).toBe(0);
    expect(out).toContain("The run failed in work.");
    expect(out).toContain("see docs/errors/unclassified.md");
    expect(out).toContain("npx holdfast run looker --event event.json");
    expect(shown + out).not.toContain("sk_live_0123456789abcdef");
    expect((await own.holdfast("why", report.runId, "--step", "never")).out).toContain("was never entered");
    const unknown = await own.holdfast("why", report.runId, "--step", "nothing", "--json");
    expect(json(unknown.out).error).toMatchObject({
      code: "unknown-step",
      message: expect.stringContaining("look, work"),
    });
  });

  it("has the lines of its functions, by level and time", async () => {
    await own.declare("looker", { steps: [step("look"), step("work")] }, { "look.mjs": FINE, "work.mjs": BROKEN });
    const { report } = await own.run("looker");
    expect((await own.holdfast("logs", report.runId)).out).toMatch(/INFO +look: looked +found=3/);
    const lines = (await own.holdfast("logs", report.runId, "--level", "warn", "--json")).out.split("\n").map(json);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(["WARN", "ERROR"]).toContain(line.level);
    expect((await own.holdfast("logs", report.runId, "--since", "2999-01-01")).out).toBe("No lines.");
    const loud = await own.holdfast("logs", report.runId, "--level", "loud", "--json");
    expect([loud.code, json(loud.out).error.code]).toEqual([2, "level-unknown"]);
    const unknown = await own.holdfast("logs", `looker-${"0".repeat(32)}`, "--json");
    expect([unknown.code, json(unknown.out).error.code]).toEqual([2, "unknown-run"]);
  });
});

describe("the run that is meant", () => {
  it.each(["why", "show", "logs", "trace"])(
    "is known to %s by an escalation of it, and no malformed id is",
    async (command) => {
      await own.declare("looker", { steps: [step("look")] }, { "look.mjs": FINE });
      const { report } = await own.run("looker");
      const byRun = await own.holdfast(command, report.runId, "--json");
      const byEscalation = await own.holdfast(command, `${report.runId}-0123456789abcdef`, "--json");
      expect(byRun.code).toBe(0);
      expect(byEscalation).toEqual(byRun);
      for (const id of ["looker", `${report.runId}0`, report.runId.toUpperCase(), "looker-0123456789abcdef"]) {
        const { code, out } = await own.holdfast(command, id, "--json");
        const message = expect.stringMatching(/32 hexadecimal digits.*holdfast runs/);
        expect({ code, ...json(out) }).toEqual({
          code: 2,
          error: { class: "Holdfast.InvalidInput", code: "run-id-invalid", message },
        });
      }
    },
  );

  it("has its trace drawn as a page or as JSON, not both into one stream", async () => {
    await own.declare("looker", { steps: [step("look")] }, { "look.mjs": FINE });
    const { report } = await own.run("looker");
    const both = await own.holdfast("trace", report.runId, "--html", "-", "--json");
    expect([both.code, json(both.out).error.code]).toEqual([2, "page-with-json"]);
    expect((await own.holdfast("trace", report.runId, "--html", "-")).out).toMatch(/^<!doctype html>/);
  });
});

describe("control characters from outside are spelt out", () => {
  const HOSTILE = "\u001b[31m\u009b2J\u007f";
  const CONTROL = /[^\P{Cc}\t\n]/u;

  it("by show, why and logs, of outputs, errors and lines", async () => {
    const talks = `export const run = async (_, { log }) => { log.info(${JSON.stringify(HOSTILE)}); return { said: ${JSON.stringify(HOSTILE)} }; };`;
    const throws = `export const run = async () => { throw new TypeError(${JSON.stringify(HOSTILE)}); };`;
    await own.declare("talker", { steps: [step("talk")] }, { "talk.mjs": talks });
    await own.declare("thrower", { steps: [step("throw")] }, { "throw.mjs": throws });
    for (const agent of ["talker", "thrower"]) {
      const { report } = await own.run(agent);
      const told = [];
      for (const command of ["show", "why", "logs", "trace"])
        told.push((await own.holdfast(command, report.runId)).out);
      expect(told.join("\n")).toContain("\\u009b2J");
      expect(told.join("\n")).not.toMatch(CONTROL);
    }
  });

  it("whatever part of a run they stand in", () => {
    const document = declared([task("work")]);
    const cause = JSON.stringify({ step: HOSTILE, path: HOSTILE, error: HOSTILE, cause: HOSTILE });
    const ended = facts({ status: "FAILED", error: HOSTILE, cause }, history({}, ...lost("work")));
    const waits = facts({}, history({}, ...lost("work")), { escalations: [asked(HOSTILE, 5, { audience: HOSTILE })] });
    const refuse = () => expect.unreachable();
    const terminal = { out: refuse, err: refuse, colors: pc.createColors(false) };
    const around = { isElsewhere: true, now: 0 };
    const segment = { id: "1", trace_id: HOSTILE, name: HOSTILE, start_time: 1, end_time: 2, fault: true };
    const exceptions = [{ id: "2", type: HOSTILE, message: HOSTILE }];
    const drawn = waterfall("desk-1", [{ ...segment, cause: { exceptions } } as SegmentDocument], 0);
    const told = [
      ...[ended, waits].map((of) => printWhy(terminal, whyOf(of, document, around), 0)),
      ...[ended, waits].map((of) => printRun(terminal, runReport(document, of), around)),
      printTrace(terminal, drawn),
    ];
    for (const text of told) {
      expect(text).toContain("\\u009b2J");
      expect(text).not.toMatch(CONTROL);
    }
  });
});

describe("times", () => {
  const now = Date.parse("2026-11-21T12:00:00.000Z");

  it.each([
    ["90s", "2026-11-21T11:58:30.000Z"],
    ["24h", "2026-11-20T12:00:00.000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
    ["2026-11-20T08:00:00+01:00", "2026-11-20T07:00:00.000Z"],
  ])("since %s", (text, expected) => expect(parseSince(text, now)).toBe(expected));

  it.each(["", "1", "-1h", "1w", "20 November", "2026-13-01", "2026-02-31", "2026-04-31T00:00:00Z", "999999d", "1e3s"])(
    "since %j is refused",
    (text) => expect(() => parseSince(text, now)).toThrow(expect.objectContaining({ code: "since-invalid" })),
  );

  it.each([
    [12, "12 ms"],
    [3_400, "3.4 s"],
    [60_000, "1 min"],
    [310_000, "5 min 10 s"],
    [14_400_000, "4 h"],
    [273_600_000, "3 d 4 h"],
  ])("%d ms are %s", (ms, text) => expect(span(ms)).toBe(text));

  it("are told from now, and the day only where it changes", () => {
    expect(fromNow("2026-11-21T12:05:00.000Z", now)).toBe("in 5 min");
    expect(fromNow("2026-11-21T11:59:59.000Z", now)).toBe("1.0 s ago");
    const times = ["2026-11-21T23:59:59.999Z", "2026-11-21T23:59:59.999Z", "2026-11-22T00:00:00.000Z"];
    expect(moments(times)).toEqual(["2026-11-21 23:59:59.999", "23:59:59.999", "2026-11-22 00:00:00.000"]);
  });
});

describe("text", () => {
  it("is as wide as a terminal draws it", () => {
    expect(["abc", "é", "e\u0301", "漢字", "\u001b[31mred\u001b[39m", "🙂"].map(textWidth)).toEqual([3, 1, 1, 4, 3, 2]);
  });

  it("is cut and wrapped to the columns that there are", () => {
    expect([cut("abcdef", 6), cut("abcdefg", 6), cut("漢字漢字", 5)]).toEqual(["abcdef", "abcde…", "漢字…"]);
    expect(wrapped("one two three four", 9)).toEqual(["one two", "three", "four"]);
    expect(wrapped("a-word-that-is-longer than that", 9)).toEqual(["a-word-that-is-longer", "than that"]);
  });

  it("stands in columns", () => {
    expect(
      table(
        ["a", "bb"],
        [
          ["漢", 1],
          ["xyz", "\u001b[31mr\u001b[39m"],
        ],
      ),
    ).toBe("a    bb\n漢   1\nxyz  \u001b[31mr\u001b[39m");
  });
});
