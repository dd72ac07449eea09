import { describe, expect, it } from "vitest";
import type { RunFacts } from "../../lib/cli/report/run-facts.ts";
import { whyOf } from "../../lib/cli/report/why/why.ts";
import { task } from "./fault-cases.ts";
import { declared, done, entered, facts, failed, history, left, scheduled } from "./why-facts.ts";

const document = declared([
  task("work", { retry: "standard" }),
  { kind: "wait", name: "rest", for: "3d" },
  task("last"),
]);

const why = (of: RunFacts, stack?: string) => whyOf(of, document, { isElsewhere: true, stack });

describe("why, where a function died without a word", () => {
  it.each([
    [
      "was killed",
      "Runtime.ExitError",
      '{"errorType":"Runtime.ExitError","errorMessage":"RequestId: 1 Error: Runtime exited"}',
    ],
    [
      "ran out of Lambda's time",
      "Sandbox.Timedout",
      '{"errorMessage":"2026-11-21 Task timed out after 65.00 seconds"}',
    ],
    ["was throttled by Lambda", "Lambda.TooManyRequestsException", "Rate Exceeded."],
    ["could not be reached", "Lambda.SdkClientException", "Unable to execute HTTP request"],
  ])("it %s, and is tried again as declared", (_, error, cause) => {
    const { cause: found, next, tried } = why(facts({}, history({}, entered("work"), scheduled, failed(error, cause))));
    expect(found).toMatchObject({ class: error, step: "work", path: "work", attempt: 1 });
    expect(tried).toMatchObject([{ attempt: 1, outcome: "failed", startedAt: "2026-11-21T00:00:02.000Z" }]);
    // At 3 s it failed, and 2 s later at the latest it is tried again.
    expect(next).toMatchObject({ kind: "retry", at: "2026-11-21T00:00:05.000Z" });
  });

  it("delays grow as declared, each kind of failure by itself", () => {
    const lost = [scheduled, failed("Sandbox.Timedout")];
    const thrice = history({}, entered("work"), ...lost, scheduled, failed("Holdfast.Transient"), ...lost, ...lost);
    expect(why(facts({}, thrice)).next).toMatchObject({ kind: "retry", at: "2026-11-21T00:00:17.000Z" });
  });
});

describe("why, of a run that was ended", () => {
  const events = history({}, entered("work"), scheduled);

  it.each([
    ["for its time", "TIMED_OUT", "States.Timeout", "run-timed-out"],
    ["by hand", "ABORTED", "States.Aborted", "run-stopped"],
  ])("%s", (_, status, name, code) => {
    const { cause, status: told, act } = why(facts({ status }, events));
    expect(told).toBe("failed");
    expect(cause).toMatchObject({ class: name, code, step: "work", path: "work", attempt: 1 });
    expect(act[0]?.command).toMatch(/^npx holdfast run desk /);
  });

  it("says on a stack what event to send", () => {
    const [act] = why(facts({ status: "ABORTED" }, events), "HoldfastPlatform").act;
    expect(act).toEqual({
      said: expect.stringMatching(/put its event \(a, b\) on the bus again with another id/),
      command: null,
    });
  });
});

describe("why, of a run in which nothing is wrong", () => {
  it("says until when it waits", () => {
    const events = history({}, entered("work"), scheduled, done, left("work"), entered("rest", "Wait"));
    const { cause, next, summary } = why(facts({}, events));
    expect(cause).toBeNull();
    expect(next).toMatchObject({ kind: "wait", at: "2026-11-24T00:00:05.000Z" });
    expect(summary).toMatch(/^Nothing is wrong: rest waits/);
  });

  it("says what is under way, and what follows", () => {
    const { next } = why(facts({}, history({}, entered("work"), scheduled)));
    expect(next).toEqual({ kind: "step", said: "work is under way; then rest, last", at: null });
  });

  it("has it taken up where no process does", () => {
    const of = facts({}, history({}, entered("work"), scheduled));
    const { next, act } = whyOf(of, document, { isElsewhere: false });
    expect(next.kind).toBe("resume");
    expect(act[0]?.command).toBe("npx holdfast resume");
  });
});
