import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { powertoolsLog } from "../../lib/aws/index.ts";
import type { Json, LogLine } from "../../lib/contract/index.ts";

let written: string[] = [];
const lines = () => written.map((line) => JSON.parse(line) as LogLine);
const said = () => lines().map(({ message }) => message);
const open = () => powertoolsLog({ write: (line) => written.push(line) });
const ofRun = (run = "desk-1") => open().with({ correlation_id: run, agent: "desk" });

beforeEach(() => {
  written = [];
});
afterEach(() => vi.unstubAllEnvs());

describe("a line of the log", () => {
  it("is one JSON object of a known shape and nothing else", () => {
    vi.stubEnv("_X_AMZN_TRACE_ID", "Root=1-67891233-abcdef012345678912345678;Parent=463ac35c9f6413ad;Sampled=1");
    ofRun().with({ step: "match", attempt: 2 }).info("The step has run.", { effect: "read" });
    expect(lines()).toEqual([
      {
        level: "INFO",
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        message: "The step has run.",
        correlation_id: "desk-1",
        xray_trace_id: "1-67891233-abcdef012345678912345678",
        agent: "desk",
        step: "match",
        attempt: 2,
        effect: "read",
      },
    ]);
    expect(written[0]).not.toContain("\n");
  });

  it("keeps the run that its log was made for, whatever a single line says", () => {
    ofRun()
      .with({ correlation_id: "desk-2", step: "match" })
      .warn("Odd.", { correlation_id: "desk-3", agent: "other" });
    expect(lines()).toEqual([expect.objectContaining({ correlation_id: "desk-1", agent: "desk", step: "match" })]);
  });

  it("cannot be given another level, time or message by a field", () => {
    open().info("Said.", { level: "DEBUG", message: "Forged.", timestamp: "2001-01-01" });
    const own = lines().filter(({ message }) => message === "Said.");
    expect(own).toEqual([expect.objectContaining({ level: "INFO", timestamp: expect.stringMatching(/^20[2-9]/) })]);
    expect(said()).not.toContain("Forged.");
  });

  it("goes to standard output where nothing else is said", () => {
    const output = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    powertoolsLog().error("Here.");
    const [text] = output.mock.calls[0] ?? [];
    output.mockRestore();
    expect(JSON.parse(String(text))).toMatchObject({ level: "ERROR", message: "Here." });
    expect(String(text).endsWith("}\n")).toBe(true);
  });
});

describe("what cannot be written", () => {
  const hostile = (value: unknown) => value as Json;

  it.each([
    ["a cycle", () => Object.assign({ name: "round" }, { self: {} as object })],
    ["a BigInt", () => 2n ** 70n],
    ["an undefined value", () => undefined],
    ["a symbol", () => Symbol("s")],
    ["a function", () => () => 1],
    ["an invalid date", () => new Date(Number.NaN)],
    [
      "something that refuses",
      () => ({
        toJSON: () => {
          throw new RangeError("no");
        },
      }),
    ],
    [
      "a getter that throws",
      () =>
        Object.defineProperty({}, "x", {
          enumerable: true,
          get() {
            throw new Error("no");
          },
        }),
    ],
  ])("does not keep the line from being written: %s", (_, make) => {
    const value = make();
    if (value !== null && typeof value === "object" && "self" in value) value.self = value;
    ofRun().info("Still said.", { value: hostile(value) });
    expect(lines()).toEqual([expect.objectContaining({ message: "Still said." })]);
  });

  it("is cut where it is too long, and the line says so", () => {
    ofRun().info("x".repeat(5_000), {
      step: "match",
      huge: "y".repeat(100_000),
      deep: { many: ["z".repeat(100_000)] },
    });
    expect(written[0]?.length).toBeLessThan(16_000);
    expect(lines()).toEqual([expect.objectContaining({ correlation_id: "desk-1", step: "match", cut: true })]);
    expect(lines()[0]?.message).toHaveLength(1_001);
  });
});

describe("lines of debugging", () => {
  it("are forgotten where nothing goes wrong", () => {
    const log = ofRun();
    log.debug("One.");
    log.info("Done.");
    expect(said()).toEqual(["Done."]);
  });

  it("are written before the error that asks for them, in order, once, with the time at which they were said", () => {
    vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
    const log = ofRun();
    log.debug("One.", { n: 1 });
    vi.setSystemTime(Date.parse("2026-01-01T00:00:05Z"));
    log.with({ action: "look-up" }).debug("Two.");
    log.error("Broken.");
    log.error("Broken again.");
    vi.useRealTimers();
    expect(said()).toEqual(["One.", "Two.", "Broken.", "Broken again."]);
    expect(lines()[0]).toMatchObject({ level: "DEBUG", n: 1, timestamp: "2026-01-01T00:00:00.000Z" });
    expect(lines()[1]).toMatchObject({ action: "look-up", correlation_id: "desk-1" });
  });

  it("of one attempt are not told by another, nor by another run at the same time", () => {
    vi.stubEnv("_X_AMZN_TRACE_ID", "Root=1-67891233-abcdef012345678912345678");
    const shared = open().with({ agent: "desk" });
    const attempts = ["desk-1", "desk-1", "desk-2"].map((correlation_id) => shared.with({ correlation_id }));
    for (const [index, log] of attempts.entries()) log.debug(`Attempt ${index}.`);
    attempts[1]?.error("Broken.");
    expect(said()).toEqual(["Attempt 1.", "Broken."]);
  });

  it("that no run is known for are not kept at all", () => {
    const log = open();
    for (let index = 0; index < 10; index += 1) log.debug("Before.");
    log.error("Broken.");
    expect(said()).toEqual(["Broken."]);
  });

  it("are kept as far as there is room: the last of them", () => {
    const log = ofRun();
    for (let index = 0; index < 1_000; index += 1) log.debug(`Line ${index} ${"x".repeat(100)}`);
    log.error("Broken.");
    const [first, ...rest] = said();
    expect(first).toMatch(/^\d+ lines of debugging before these had no room\.$/);
    expect(rest.length + Number.parseInt(String(first), 10)).toBe(1_001);
    expect(rest.at(-2)).toMatch(/^Line 999 /);
    expect(written.join("").length).toBeLessThan(25_000);
  });

  it("are written like any other where the level asks for them", () => {
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "DEBUG");
    ofRun().debug("Now.");
    expect(said()).toEqual(["Now."]);
  });

  it("are left out with the rest below the level", () => {
    vi.stubEnv("POWERTOOLS_LOG_LEVEL", "WARN");
    const log = ofRun();
    log.info("No.");
    log.warn("Yes.");
    expect(said()).toEqual(["Yes."]);
  });
});
